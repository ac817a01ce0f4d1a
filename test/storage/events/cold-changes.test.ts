import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { alertIdOf, deliveryIdOf, lowestIdAt } from "../../../src/model/ids.ts";
import { parseBlock, parseTail, placeOfTail } from "../../../src/storage/segments/format.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { clientOf, statusOf } from "../../support/api.ts";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";
import { moveToSegments } from "../../support/cold.ts";
import { tables } from "../../support/tables.ts";
import { insertDestination } from "../../support/world.ts";

// Whatever changes an event brings it back from its segment first.

const DESTINATION = "dst_0000000000000000000000000001";
const SECRET = "the-secret-of-a-customer";

const FIELDS = {
  title: SECRET,
  description: "",
  urgency: null,
  tags: [],
  meta: {},
  incident: null,
  additional_data: [],
};

function eventId(index: number): string {
  return lowestIdAt("evt", Date.parse(AT) + index * 1_000);
}

const OPENER = eventId(1);
const REPEAT = eventId(5);
const DEAD = eventId(2);
const DELIVERED = eventId(3);

async function bindings() {
  return bindingsWith({ DELIVERIES: fakeQueue().queue });
}

/** What the objects in R2 say: of segments, the rows that they hold. */
async function textsInBucket(): Promise<string> {
  const { objects } = await env.BODIES.list();
  const texts = objects.map(async ({ key, size }) => {
    const bytes = new Uint8Array((await (await env.BODIES.get(key))?.arrayBuffer()) ?? new ArrayBuffer(0));
    const { offset, length } = placeOfTail(key, size, bytes);
    const { blocks, columns } = await parseTail(key, bytes.slice(offset, offset + length));
    const entries = blocks.map(
      async (block) => await parseBlock(key, columns, block, bytes.slice(block.offset, block.offset + block.length)),
    );
    return JSON.stringify(await Promise.all(entries));
  });
  return (await Promise.all(texts)).join("\n");
}

beforeEach(async () => {
  await insertDestination(DESTINATION);
  const alert_id = alertIdOf(OPENER);
  const alert = { ...FIELDS, id: alert_id, key: "k", status: "open", dedup_count: 1 };
  const rowOf = (id: string, more: object) => ({
    id,
    integration_id: "int_1",
    type: "alert.created",
    outcome: "created",
    alert_id: null,
    received_at: AT,
    deliveries: [deliveryTo(id, DESTINATION, { attempts: [] })],
    alert: null,
    content: contentOf({ Id: "k" }),
    ...more,
  });
  const signal = { action: "create", namespace: "int_1", key: "k", fields: FIELDS, note: null };
  const content = { ...contentOf({ title: SECRET }), signal };
  await tables.events.insert(
    rowOf(OPENER, { alert_id, alert, content }),
    rowOf(DEAD, { deliveries: [deliveryTo(DEAD, DESTINATION, { status: "dead", attempts: [] })] }),
    rowOf(DELIVERED, {}),
    rowOf(eventId(4), {}),
    rowOf(REPEAT, { alert_id, alert, outcome: "repeated", type: "alert.repeated" }),
  );
  await tables.alerts.insert({ id: alert_id, integration_id: "int_1", key: "k", fields: FIELDS, fields_from: OPENER });
  await moveToSegments([
    [OPENER, DEAD, DELIVERED],
    [eventId(4), REPEAT],
  ]);
  expect(await tables.events.count()).toBe(0);
});

async function hotIds(): Promise<unknown[]> {
  return (await tables.events.all()).map(({ id }) => id);
}

describe("of an event in a segment", () => {
  it("a dead delivery is retried", async () => {
    const api = clientOf({ bindings: await bindings() });
    const id = deliveryIdOf(DEAD, DESTINATION);
    expect(unwrap(await api.deliveries.retry(id))).toMatchObject({ id, status: "pending" });
    expect(await hotIds()).toEqual([DEAD]);
    expect(unwrap(await api.deliveries.list({ limit: 50 })).data.map((each) => [each.event_id, each.status])).toEqual([
      [REPEAT, "delivered"],
      [eventId(4), "delivered"],
      [DELIVERED, "delivered"],
      [DEAD, "pending"],
      [OPENER, "delivered"],
    ]);
  });

  it("several changes at once all find it", async () => {
    const api = clientOf({ bindings: await bindings() });
    const id = deliveryIdOf(DEAD, DESTINATION);
    const retry = async () => await api.deliveries.retry(id);
    const results = await Promise.all([retry(), retry(), api.events.erase(DEAD), retry(), retry()]);
    const statuses = results.map(statusOf);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(unwrap(await api.events.get(DEAD)).note).toBe("erased");
  });

  it("a delivery is repeated, and the event is replayed", async () => {
    const api = clientOf({ bindings: await bindings() });
    const original = deliveryIdOf(DELIVERED, DESTINATION);
    expect(unwrap(await api.deliveries.retry(original))).toMatchObject({ replay_of: original, status: "pending" });
    const { deliveries } = unwrap(await api.events.replay(eventId(4), {}));
    expect(deliveries).toMatchObject([{ event_id: eventId(4), status: "pending" }]);
    expect(await hotIds()).toEqual([DELIVERED, eventId(4)]);
    expect(unwrap(await api.events.get(DELIVERED)).deliveries).toHaveLength(2);
  });

  it("the content is erased, with its copies in later events, and no object holds it any more", async () => {
    const api = clientOf({ bindings: await bindings() });
    expect(await textsInBucket()).toContain(SECRET);
    const keys = (await tables.segments.all()).map(({ object_key }) => object_key);
    const erased = unwrap(await api.events.erase(OPENER));
    expect(JSON.stringify(erased)).not.toContain(SECRET);
    expect(await textsInBucket()).not.toContain(SECRET);
    for (const id of [OPENER, REPEAT]) {
      expect(JSON.stringify(unwrap(await api.events.get(id)))).not.toContain(SECRET);
    }
    const left = (await env.BODIES.list()).objects.map(({ key }) => key);
    expect(left.filter((key) => keys.includes(key))).toEqual([]);
    expect(unwrap(await api.events.list({ limit: 50 })).data.map(({ id }) => id)).toEqual([
      REPEAT,
      eventId(4),
      DELIVERED,
      DEAD,
      OPENER,
    ]);
    // What was not erased is read from the objects that were written anew.
    expect(unwrap(await api.events.get(DELIVERED))).toMatchObject({ deliveries: [{ event_id: DELIVERED }] });
  });

  it("an erasure that was interrupted after events came back is finished by the next one", async () => {
    const broken = clientOf({
      bindings: { ...(await bindings()), BODIES: failingPuts() },
    });
    expect((await broken.events.erase(OPENER)).ok).toBe(false);
    expect(await textsInBucket()).toContain(SECRET);
    unwrap(await clientOf({ bindings: await bindings() }).events.erase(OPENER));
    expect(await textsInBucket()).not.toContain(SECRET);
    expect(JSON.stringify(await tables.events.all())).not.toContain(SECRET);
  });
});

function failingPuts(): R2Bucket {
  return new Proxy(env.BODIES, {
    get(target, name) {
      if (name === "put") return () => Promise.reject(new Error("R2 is down."));
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
