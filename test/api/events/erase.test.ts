import { contextOf } from "../../../src/context.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { alertIdOf } from "../../../src/model/ids.ts";
import { recordDeadLetters } from "../../../src/storage/pipeline/dead-letters.ts";
import { insertOutbox } from "../../../src/storage/pipeline/outbox.ts";
import { maintain } from "../../support/maintenance.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { consumeQueued, deadLetters, onlyDelivery, storeLarge, takeEvents } from "../../support/deliveries.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  processBatch,
  storedEvents,
} from "../../support/world.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, statusOf } from "../../support/api.ts";
import { allRows, tables } from "../../support/tables.ts";
import { openLine } from "../../support/flow.ts";
import { changeBody, insertBody } from "../../support/transformations.ts";

const DESTINATION = "dst_0000000000000000000000000001";
const SECRET = "Jane Doe's heart rate is above limit";

let world: World = createWorld();
let status = 200;

beforeEach(async () => {
  status = 200;
  world = createWorld();
  fakeOutside(() => new Response(`got: ${SECRET}`, { status }));
  await insertRouted(DESTINATION);
});

async function erase(id: string) {
  return await client.events.erase(id);
}

/** All that any table and R2 hold, as one text. */
async function everything(): Promise<string> {
  const rows = await allRows();
  const { objects } = await env.BODIES.list();
  const bodies = await Promise.all(objects.map(async ({ key }) => (await env.BODIES.get(key))?.text()));
  return JSON.stringify([rows, bodies]);
}

describe("an event that is erased", () => {
  it("is left without content, and nothing of it is kept anywhere", async () => {
    const message = eventMessage("create", "disk", { title: SECRET });
    const repeat = eventMessage("create", "disk");
    await processBatch(world.context, [message]);
    await processBatch(world.context, [repeat, eventMessage("acknowledge", "disk")]);
    expect(await everything()).toContain(SECRET);
    const reply = await erase(message.id);
    expect(reply).toMatchObject({
      status: 200,
      data: { id: message.id, payload: null, headers: null, note: "erased", outcome: "created" },
    });
    const left = await everything();
    expect(left.split(SECRET).length - 1).toBe(left.split(`got: ${SECRET}`).length - 1);
    expect(unwrap(await client.events.get(message.id))).toMatchObject({
      payload: null,
      deliveries: [{ status: "delivered", attempts: [{ status: 200, response_body: null }] }],
    });
    expect(unwrap(await client.alerts.get(alertIdOf(message.id)))).toMatchObject({
      title: "(erased)",
      status: "acknowledged",
      urgency: null,
    });
    expect(await erase(message.id)).toMatchObject({ status: 200 });
  });

  it("keeps what later updates say of its alert", async () => {
    const message = eventMessage("create", "disk", { title: SECRET });
    await processBatch(world.context, [message]);
    await processBatch(world.context, [eventMessage("update", "disk", { title: "Since then" })]);
    await erase(message.id);
    expect(unwrap(await client.alerts.get(alertIdOf(message.id)))).toMatchObject({ title: "Since then" });
    const alert = await tables.events.value("alert", { outcome: "updated" });
    expect(JSON.parse(String(alert))).toMatchObject({ title: "Since then" });
  });

  it("is in no stored response, and no request that showed it runs a second time", async () => {
    const message = eventMessage("create", "disk", { title: SECRET });
    const other = eventMessage("create", "cpu", { title: "Unchanged" });
    await processBatch(world.context, [message, other, eventMessage("acknowledge", "disk")]);
    const key = (idempotency_key: string) => ({ idempotency_key });
    const { data: deliveries } = unwrap(await client.deliveries.list());
    const ofAlert = deliveries.find(({ event_type }) => event_type === "alert.acknowledged")?.id ?? "";
    const shows = [
      () => client.events.replay(message.id, {}, key("replay")),
      () => client.deliveries.retry(ofAlert, key("retry")),
      () => client.alerts.resolve(alertIdOf(message.id), key("resolve")),
      () => client.destinations.preview(DESTINATION, { event_id: message.id }, key("preview")),
      () => client.routePreviews.create({}, key("route")),
    ];
    for (const call of shows) expect(JSON.stringify(unwrap(await call()))).toContain(SECRET);
    const unrelated = () => client.events.replay(other.id, {}, key("other"));
    expect(statusOf(await unrelated())).toBe(200);
    // The queues still hold what these calls caused.
    await vi.waitFor(async () => {
      expect(await tables.events.count({ type: "alert.resolved" })).toBe(1);
      expect(unwrap(await client.deliveries.list({ status: "pending" })).data).toEqual([]);
    }, 60_000);
    const before = await tables.events.count();
    await erase(message.id);
    for (const call of shows) {
      expect(await call()).toMatchObject({ ok: false, error: { problem: { code: "idempotency_lost" } } });
    }
    expect(statusOf(await unrelated())).toBe(200);
    expect(await tables.events.count()).toBe(before);
    expect((await tables.api_idempotency_keys.all()).filter(({ response }) => response === "")).toHaveLength(5);
  });

  it("is not in the stored response to the replay that ran its transformation again", async () => {
    const transformation_id = await insertBody("throw new Error('not yet');");
    const line = await openLine("pagertree", {}, { transformation_id });
    await line.send({ event_type: "create", Id: "disk", Title: SECRET });
    const [event] = await line.events();
    await changeBody(transformation_id, "return event;");
    const replay = () => client.events.replay(event?.id ?? "", {}, { idempotency_key: "mended" });
    expect(JSON.stringify(unwrap(await replay()))).toContain(SECRET);
    await erase(event?.id ?? "");
    expect(await replay()).toMatchObject({ ok: false, error: { problem: { code: "idempotency_lost" } } });
  });

  it("is delivered no more: what was pending is cancelled, and cannot be taken up", async () => {
    status = 503;
    const message = eventMessage("create", "disk", { title: SECRET });
    await processBatch(world.context, [message]);
    const { id } = await onlyDelivery();
    await erase(message.id);
    expect(await onlyDelivery()).toMatchObject({
      status: "cancelled",
      reason: "content_erased",
      next_attempt_at: null,
    });
    world.pass(3_600_000);
    await consumeQueued(world);
    expect((await onlyDelivery()).attempts).toHaveLength(1);
    expect(statusOf(await client.deliveries.retry(id))).toBe(409);
    expect(statusOf(await client.events.replay(message.id))).toBe(409);
    expect(unwrap(await client.replays.create({ filter: { status: ["delivered", "dead", "cancelled"] } })).count).toBe(
      0,
    );
    expect(await everything()).not.toContain(SECRET);
  });

  it("does not come back with a message that comes late, from the queue, the outbox or the dead letters", async () => {
    const message = eventMessage("create", "disk", { title: SECRET });
    await processBatch(world.context, [message]);
    const json = JSON.stringify(message);
    await insertOutbox(asShard(env.DB), [{ id: message.id, message: json, send_at: 0 }]);
    const letter = { id: "one", queue: "hookgate-dead-letters", message: json, received_at: message.received_at };
    await recordDeadLetters(asShard(env.DB), [letter], []);
    await erase(message.id);
    expect(await deadLetters()).toEqual([]);
    const events = fakeQueue();
    await maintain(contextOf({ ...world.context.env, EVENTS: events.queue }), "* * * * *", Date.now() + 600_000);
    expect(events.sent).toEqual([]);
    await takeEvents(world.context, [{ body: message }, { body: eventMessage("create", "disk") }]);
    await takeEvents(world.context, [{ body: message }, { body: eventMessage("acknowledge", "disk") }]);
    const left = await everything();
    expect(left.split(SECRET).length).toBe(left.split(`got: ${SECRET}`).length);
    expect(unwrap(await client.alerts.get(alertIdOf(message.id)))).toMatchObject({
      title: "(erased)",
      status: "acknowledged",
      dedup_count: 1,
    });
  });

  it("that was large leaves nothing in R2, and its reference in the queue is done with", async () => {
    const { message, reference } = await storeLarge();
    await takeEvents(world.context, [{ body: reference }]);
    expect((await env.BODIES.list()).objects).toHaveLength(1);
    expect(await erase(message.id)).toMatchObject({ status: 200, data: { payload: null } });
    expect((await env.BODIES.list()).objects).toEqual([]);
    expect(await takeEvents(world.context, [{ body: reference }])).toEqual([{ kind: "acked" }]);
    expect(await storedEvents()).toHaveLength(1);
  });

  it("that another writer changes meanwhile is erased all the same", async () => {
    const message = eventMessage("create", "disk", { title: SECRET });
    await processBatch(world.context, [message]);
    let isFirst = true;
    const bodies: R2Bucket = new Proxy(env.BODIES, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (name !== "delete") return typeof member === "function" ? member.bind(target) : member;
        return async (key: string) => {
          if (isFirst) await tables.events.update({}, ({ version }) => ({ version: Number(version) + 1 }));
          isFirst = false;
          await target.delete(key);
        };
      },
    });
    const reply = await clientOf({ bindings: { BODIES: bodies } }).events.erase(message.id);
    expect(unwrap(reply)).toMatchObject({ payload: null });
    expect(await everything()).not.toContain(SECRET);
  });

  it("that does not exist is 404", async () => {
    expect(statusOf(await erase(`evt_${"0".repeat(28)}`))).toBe(404);
  });
});
