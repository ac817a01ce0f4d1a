import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { alertIdOf, deliveryIdOf, lowestIdAt } from "../../../src/model/ids.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { request } from "../../support/api.ts";
import { moveToSegments } from "../../support/cold.ts";
import { meteredBucket } from "../../support/metered-bucket.ts";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { tables } from "../../support/tables.ts";

// Each call of D1 and R2 takes time and is billed, and an invocation may make a limited number. A thousand events are in four
// segments, and a hundred newer ones are in D1.

const SEGMENTS = 4;
const PER_SEGMENT = 250;
const HOT = 100;
const COLD = SEGMENTS * PER_SEGMENT;
const COUNT = COLD + HOT;
const COMMON = "dst_0000000000000000000000000001";
const RARE = "dst_0000000000000000000000000002";
const RARE_AT = 123;
const MAX_CALLS_OF_ONE = 3;
const MAX_CALLS_OF_PAGE = 10;

function eventId(index: number): string {
  return lowestIdAt("evt", Date.parse(AT) + index * 1_000);
}

beforeEach(async () => {
  const rows = Array.from({ length: COUNT }, (_, index) => {
    const id = eventId(index);
    const status = index % 97 === 3 ? "dead" : "delivered";
    const deliveries = [deliveryTo(id, index === RARE_AT ? RARE : COMMON, { status, attempts: [] })];
    const integration_id = index === RARE_AT ? "int_rare" : "int_1";
    const received_at = new Date(Date.parse(AT) + index * 1_000).toISOString();
    const content = contentOf({ Id: index === RARE_AT ? "needle" : "k" });
    return { id, alert_id: alertIdOf(id), integration_id, received_at, deliveries, content };
  });
  const event = { type: "alert.created", outcome: "created" };
  await tables.events.insert(...rows.map((row) => ({ ...event, ...row })));
  const ids = rows.map(({ id }) => id);
  await moveToSegments(
    Array.from({ length: SEGMENTS }, (_, segment) => ids.slice(segment * PER_SEGMENT, (segment + 1) * PER_SEGMENT)),
  );
});

async function metered(path: string) {
  const d1 = emptyMeter();
  const r2 = { calls: 0 };
  const reply = await request(path, {}, { DB: meteredDatabase(d1), BODIES: meteredBucket(r2) });
  expect(reply.status).toBe(200);
  const body: unknown = JSON.parse(reply.text);
  return { body, calls: d1.calls + r2.calls };
}

const list = z.object({ data: z.array(z.looseObject({ id: z.string() })), next_cursor: z.nullable(z.string()) });

/** Follows a list to its end. Returns the ids that it shows, and the most calls of a page. */
async function followed(path: string) {
  const ids: string[] = [];
  let calls = 0;
  let pages = 0;
  let cursor: string | null = null;
  do {
    const page = await metered(`${path}${cursor === null ? "" : `&cursor=${cursor}`}`);
    const { data, next_cursor } = list.parse(page.body);
    ids.push(...data.map(({ id }) => id));
    calls = Math.max(calls, page.calls);
    cursor = next_cursor;
    pages += 1;
  } while (cursor !== null);
  return { ids, calls, pages };
}

const NEWEST_FIRST = Array.from({ length: COUNT }, (_, index) => COUNT - 1 - index);
const DEAD = NEWEST_FIRST.filter((index) => index % 97 === 3);

describe("of a log in D1 and in segments", () => {
  it("an event, a delivery and an explanation take at most three calls", async () => {
    const id = eventId(RARE_AT);
    const event = await metered(`/events/${id}`);
    expect(event.body).toMatchObject({ id, integration_id: "int_rare", deliveries: [{ destination_id: RARE }] });
    const delivery = await metered(`/deliveries/${deliveryIdOf(eventId(777), COMMON)}`);
    expect(delivery.body).toMatchObject({ event_id: eventId(777), event_type: "alert.created" });
    const absent = await request(`/events/${lowestIdAt("evt", Date.parse(AT) + 500)}`);
    expect(absent.status).toBe(404);
    expect(Math.max(event.calls, delivery.calls)).toBeLessThanOrEqual(MAX_CALLS_OF_ONE);
  });

  it("pages of all events say nothing of the seam, and take at most ten calls", async () => {
    const { ids, calls, pages } = await followed("/events?limit=50");
    expect(ids).toEqual(NEWEST_FIRST.map(eventId));
    expect(pages).toBe(COUNT / 50);
    expect(calls).toBeLessThanOrEqual(MAX_CALLS_OF_PAGE);
  });

  it.each([
    ["/events?integration_id=int_rare&limit=50", [eventId(RARE_AT)]],
    [`/events?alert_id=${alertIdOf(eventId(600))}&limit=50`, [eventId(600)]],
    ["/events?outcome=ignored&limit=50", []],
    ["/events?q=needle&limit=50", [eventId(RARE_AT)]],
    [`/deliveries?destination_id=${RARE}&limit=50`, [deliveryIdOf(eventId(RARE_AT), RARE)]],
    [`/deliveries?event_id=${eventId(800)}&limit=50`, [deliveryIdOf(eventId(800), COMMON)]],
    ["/deliveries?status=dead&limit=20", DEAD.map((index) => deliveryIdOf(eventId(index), COMMON))],
    ["/deliveries?outstanding=true&limit=20", DEAD.map((index) => deliveryIdOf(eventId(index), COMMON))],
    ["/deliveries?status=cancelled&limit=50", []],
    [
      "/deliveries?limit=250",
      NEWEST_FIRST.map((index) => deliveryIdOf(eventId(index), index === RARE_AT ? RARE : COMMON)),
    ],
  ])("pages of %s take at most ten calls", async (path, expected) => {
    const { ids, calls } = await followed(path);
    expect(ids).toEqual(expected);
    expect(calls).toBeLessThanOrEqual(MAX_CALLS_OF_PAGE);
  });

  it("segments that cannot match are not read", async () => {
    const path = `/deliveries?status=cancelled&limit=50`;
    const { pages, calls } = await followed(path);
    expect(pages).toBe(1);
    expect(calls).toBeLessThanOrEqual(3);
    const rare = await followed(`/deliveries?destination_id=${RARE}&limit=50`);
    expect(rare.pages).toBe(1);
  });

  it("expanded events of a page are found in segments", async () => {
    const { body } = await metered(`/deliveries?limit=3&destination_id=${RARE}&expand=event`);
    expect(body).toMatchObject({ data: [{ event: { id: eventId(RARE_AT) } }] });
  });

  it("a damaged segment is reported, and left out of lists", async () => {
    const [first, second] = await tables.segments.all();
    await env.BODIES.delete(String(first?.["object_key"]));
    const key = String(second?.["object_key"]);
    const bytes = new Uint8Array((await (await env.BODIES.get(key))?.arrayBuffer()) ?? new ArrayBuffer(0));
    await env.BODIES.put(key, bytes.fill(7, 0, 200));
    const { ids } = await followed("/events?limit=250");
    expect(ids).not.toContain(eventId(3));
    expect(ids).not.toContain(eventId(PER_SEGMENT + 3));
    expect(ids.slice(0, HOT + 2 * PER_SEGMENT)).toEqual(NEWEST_FIRST.slice(0, HOT + 2 * PER_SEGMENT).map(eventId));
    expect((await request(`/events/${eventId(3)}`)).status).toBe(409);
  });
});
