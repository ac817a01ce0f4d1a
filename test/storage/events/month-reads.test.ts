import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import * as z from "zod/mini";
import { alertIdOf, lowestIdAt } from "../../../src/model/ids.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { writeRollups } from "../../../src/storage/maintenance/rollups.ts";
import { contentOf, deliveryTo } from "../../api/records.ts";
import { request } from "../../support/api.ts";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { tables } from "../../support/tables.ts";

// D1 bills rows read and runs one query at a time. A month of events is more than a page of any list may read.

const COUNT = 30_000;
const DAYS = 30;
const EVERY_MS = (DAYS * 86_400_000) / COUNT;
const FROM = Date.parse("2026-10-20T10:00:00.000Z");
const COMMON = "dst_0000000000000000000000000001";
const RARE = "dst_0000000000000000000000000002";
const BURST = "dst_0000000000000000000000000003";
const RARE_EVERY = COUNT / 10;

const MAX_PAGE_READS = 10_000;
const MAX_RARE_READS = 1_000;

function timeOf(index: number): number {
  return Math.floor(FROM + index * EVERY_MS);
}

function destinationOf(index: number): string {
  if (index % RARE_EVERY === 7) return RARE;
  return index >= 12_345 && index < 12_355 ? BURST : COMMON;
}

async function seed(): Promise<void> {
  const rows = Array.from({ length: COUNT }, (_, index) => {
    const id = lowestIdAt("evt", timeOf(index));
    const to = destinationOf(index);
    const deliveries = [deliveryTo(id, to, { attempts: [] })];
    const received_at = new Date(timeOf(index)).toISOString();
    const integration_id = to === COMMON ? "int_common" : `int_${to.slice(-1)}`;
    return { id, alert_id: alertIdOf(id), integration_id, received_at, deliveries };
  });
  const event = { type: "alert.created", outcome: "created", content: contentOf({}) };
  await tables.events.insert(...rows.map((row) => ({ ...event, ...row })));
  const fields = {
    title: "t",
    description: "",
    urgency: "low",
    tags: [],
    meta: {},
    incident: null,
    additional_data: [],
  };
  await tables.alerts.insert(
    ...rows.map(({ id, alert_id, integration_id, received_at }, index) => {
      const times = { created_at: received_at, updated_at: received_at };
      return {
        id: alert_id,
        integration_id,
        key: `key-${index}`,
        status: "resolved",
        fields,
        fields_from: id,
        ...times,
      };
    }),
  );
  const db = asShard(env.DB);
  for (let isDone = false; !isDone;) isDone = (await writeRollups(db, timeOf(COUNT - 20))).is_done;
}

const list = z.object({ data: z.array(z.unknown()), next_cursor: z.nullable(z.string()) });

async function metered(path: string) {
  const meter = emptyMeter();
  const reply = await request(path, {}, { DB: meteredDatabase(meter) });
  expect(reply.status).toBe(200);
  const { data, next_cursor } = list.parse(JSON.parse(reply.text));
  return { shown: data.length, isLast: next_cursor === null, read: meter.read, queries: meter.queries };
}

const at = (index: number): string => new Date(timeOf(index)).toISOString();

it("every filter answers a page with a bounded number of rows read", async () => {
  await seed();
  await request("/tokens");
  const filters = [
    "/events?integration_id=int_none",
    "/events?type=event.group",
    "/events?outcome=ignored",
    "/events?unrouted=true",
    `/events?from=${at(100)}&to=${at(29_000)}&outcome=ignored`,
    `/deliveries?destination_id=${COMMON}&status=delivered`,
    `/deliveries?destination_id=dst_none`,
    "/deliveries?status=pending",
    "/deliveries?status=dead",
    "/deliveries?outstanding=true",
    "/deliveries?event_type=event.group",
    `/deliveries?event_id=${lowestIdAt("evt", timeOf(5))}`,
    "/alerts?status=open",
    "/alerts?integration_id=int_2",
  ];
  for (const path of filters) {
    const page = await metered(path);
    expect(page.read, path).toBeLessThanOrEqual(MAX_PAGE_READS);
    expect(page.queries, path).toBeLessThanOrEqual(40);
  }
  for (const path of [
    `/deliveries?destination_id=${RARE}`,
    `/deliveries?destination_id=${RARE}&status=delivered`,
    `/deliveries?destination_id=${BURST}`,
    "/deliveries?integration_id=int_2",
    "/events?integration_id=int_2",
    "/events?integration_id=int_3&type=alert.created",
  ]) {
    const page = await metered(path);
    expect(page, path).toMatchObject({ shown: 10, isLast: true });
    expect(page.read, path).toBeLessThan(MAX_RARE_READS);
    expect(page.queries, path).toBeLessThanOrEqual(12);
  }
  // A range of times is a range of ids.
  const range = await metered(`/events?from=${at(20_000)}&to=${at(20_009)}`);
  expect(range).toMatchObject({ shown: 10, isLast: true });
  expect(range.read).toBeLessThan(40);
});
