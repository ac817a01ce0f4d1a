import { asShard } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { alertIdOf, lowestIdAt } from "../../../src/model/ids.ts";
import { changeDeliveries } from "../../../src/storage/events/changes.ts";
import { rescueAt } from "../../../src/storage/events/deliveries-column.ts";
import { ROLLUP_TASK } from "../../../src/storage/maintenance/hours.ts";
import { readRecords } from "../../../src/storage/events/log.ts";
import { unwrap } from "../../../src/client/index.ts";
import { clientOf, request } from "../../support/api.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { insertDestination } from "../../support/world.ts";
import { watchedDatabase } from "../../support/watched-database.ts";
import { tables } from "../../support/tables.ts";

// D1 bills rows read and runs one query at a time, so a page of a list may not read every row.

const FROM = Date.parse(AT);
const COMMON = "dst_0000000000000000000000000001";
const RARE = "dst_0000000000000000000000000002";
const MAX_SCANNED_ROWS = 9_000;

function eventId(index: number): string {
  return lowestIdAt("evt", FROM + index);
}

/** Inserts `count` events, each of its own alert. The oldest one has another integration and another destination. */
async function seed(count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    const id = eventId(index);
    const delivery = deliveryTo(id, index === 0 ? RARE : COMMON, { attempts: [] });
    return { id, alert_id: alertIdOf(id), integration_id: index === 0 ? "int_rare" : "int_1", deliveries: [delivery] };
  });
  await tables.maintenance_tasks.insert({ task: ROLLUP_TASK, position: { events: [eventId(count)] } });
  const event = { type: "alert.created", outcome: "created", received_at: AT, content: contentOf({}) };
  await tables.events.insert(...rows.map((row) => ({ ...event, ...row })));
  await tables.alerts.insert(
    ...rows.map(({ id, alert_id, integration_id }) => {
      return { id: alert_id, integration_id, status: "resolved", fields_from: id, created_at: AT, updated_at: AT };
    }),
  );
}

/** Changes the newest delivery as the gateway does. Returns the number of rows written. */
async function changeNewest(count: number, status: "dead" | "cancelled" | "delivered" | "pending"): Promise<number> {
  let written = 0;
  const counting = new Proxy(env.DB, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== "batch") return typeof member === "function" ? member.bind(target) : member;
      return async (statements: D1PreparedStatement[]) => {
        const results = await target.batch(statements);
        for (const { meta } of results) written += meta.rows_written;
        return results;
      };
    },
  });
  const [record] = await readRecords(asShard(env.DB), [eventId(count - 1)]);
  if (record === undefined) throw new Error("There is no such event.");
  const next_attempt_at = status === "pending" ? AT : null;
  const deliveries = record.deliveries.map((delivery) => ({ ...delivery, status, next_attempt_at }));
  await changeDeliveries(asShard(counting), [{ id: record.id, version: record.version, deliveries, tallies: [] }]);
  return written;
}

const list = z.object({ data: z.array(z.unknown()), next_cursor: z.nullable(z.string()) });
type Page = z.output<typeof list>;

async function metered(path: string): Promise<{ readonly page: Page; readonly read: number }> {
  const meter = emptyMeter();
  const reply = await request(path, {}, { DB: meteredDatabase(meter) });
  expect(reply.status).toBe(200);
  return { page: list.parse(JSON.parse(reply.text)), read: meter.read };
}

/** The id in `next_cursor`. */
function cursorIn({ next_cursor }: Page): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(next_cursor ?? "", { alphabet: "base64url" }));
}

describe("of a few hundred events", () => {
  const COUNT = 300;
  beforeEach(async () => await seed(COUNT));

  it.each(["events", "deliveries", "alerts"])(
    "a page of %s reads at most two rows for each row that it shows",
    async (list) => {
      const { page, read } = await metered(`/${list}?limit=50`);
      expect(page.data).toHaveLength(50);
      expect(read).toBeLessThanOrEqual(100);
      const next = await metered(`/${list}?limit=50&cursor=${page.next_cursor}`);
      expect(next.page.data).toHaveLength(50);
      expect(next.read).toBeLessThanOrEqual(100);
    },
  );

  it.each(["dead", "cancelled", "pending"])(
    "a list of %s deliveries reads almost nothing if there are none",
    async (status) => {
      const { page, read } = await metered(`/deliveries?status=${status}`);
      expect(page).toEqual({ data: [], next_cursor: null });
      // One of them says that there are no segments.
      expect(read).toBeLessThanOrEqual(4);
    },
  );

  it.each(["dead", "cancelled", "pending"] as const)(
    "the only %s delivery is found without reading the others",
    async (status) => {
      await changeNewest(COUNT, status);
      for (const filter of ["", `&destination_id=${COMMON}`, "&integration_id=int_1"]) {
        const { page, read } = await metered(`/deliveries?status=${status}${filter}`);
        expect(page.data).toMatchObject([{ event_id: eventId(COUNT - 1), status }]);
        expect(page.next_cursor).toBe(null);
        expect(read).toBeLessThanOrEqual(12);
      }
    },
  );

  it("a text is searched among dead deliveries by their index", async () => {
    await changeNewest(COUNT, "dead");
    const { page, read } = await metered("/deliveries?status=dead&q=k");
    expect(page.data).toMatchObject([{ event_id: eventId(COUNT - 1) }]);
    expect(page.next_cursor).toBe(null);
    expect(read).toBeLessThanOrEqual(12);
  });

  it("replays of dead deliveries do not read the others", async () => {
    await insertDestination(COMMON);
    await changeNewest(COUNT, "dead");
    const meter = emptyMeter();
    const body = { filter: { status: "dead" }, dry_run: true } as const;
    const reply = await clientOf({ bindings: { DB: meteredDatabase(meter) } }).replays.create(body);
    expect(unwrap(reply)).toMatchObject({ count: 1 });
    expect(meter.read).toBeLessThanOrEqual(20);
  });

  it("the deliveries of an event, and the events of an alert, are read by key", async () => {
    const deliveries = await metered(`/deliveries?event_id=${eventId(7)}`);
    expect(deliveries.page.data).toHaveLength(1);
    expect(deliveries.read).toBeLessThanOrEqual(6);
    await tables.alerts.update({ id: alertIdOf(eventId(7)) }, { updated_at: new Date(FROM + 9).toISOString() });
    const events = await metered(`/events?alert_id=${alertIdOf(eventId(7))}`);
    expect(events.page.data).toHaveLength(1);
    expect(events.read).toBeLessThanOrEqual(10);
  });

  it("the indexes of failed deliveries are used, and cost a row for each event that they hold", async () => {
    const plans: string[] = [];
    const before = async (sql: string): Promise<void> => {
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll("?", "1")}`).all<{
        detail: string;
      }>();
      plans.push(...results.map(({ detail }) => detail));
    };
    for (const status of ["dead", "cancelled"] as const) {
      plans.splice(0);
      await clientOf({ bindings: { DB: watchedDatabase({ before }) } }).deliveries.list({ status });
      expect(plans.join("\n")).toContain(`USING INDEX events_with_${status} (id>? AND id<?)`);
    }
    expect(await changeNewest(COUNT, "delivered")).toBe(1);
    expect(await changeNewest(COUNT, "dead")).toBe(2);
    expect(await changeNewest(COUNT, "cancelled")).toBe(2);
    expect(await changeNewest(COUNT, "delivered")).toBe(1);
  });
});

describe("of more events than a page scans", () => {
  const COUNT = MAX_SCANNED_ROWS + 300;
  beforeEach(async () => await seed(COUNT));

  it.each([
    ["events?integration_id=int_rare", "evt", 1],
    ["events?outcome=repeated", "evt", 0],
    ["events?unrouted=true", "evt", 0],
    ["deliveries?integration_id=int_rare", "dlv", 1],
    [`deliveries?destination_id=${RARE}`, "dlv", 1],
    [`deliveries?destination_id=${RARE}&status=delivered`, "dlv", 1],
    ["deliveries?replays=true", "dlv", 0],
    ["deliveries?created_from=2026-12-24T00:00:00Z", "dlv", 0],
    ["alerts?status=open", "alr", 0],
    ["alerts?integration_id=int_rare", "alr", 1],
  ])("a page of %s scans nine thousand rows and says how far it came", async (path, prefix, left) => {
    const { page, read } = await metered(`/${path}`);
    expect(read).toBeLessThanOrEqual(MAX_SCANNED_ROWS + 15);
    expect(page.data).toEqual([]);
    expect(cursorIn(page)).toBe(eventId(COUNT - MAX_SCANNED_ROWS).replace("evt", prefix));
    const rest = await metered(`/${path}&cursor=${page.next_cursor}`);
    expect(rest.page.data).toHaveLength(left);
    expect(rest.page.next_cursor).toBe(null);
    expect(rest.read).toBeLessThanOrEqual(COUNT - MAX_SCANNED_ROWS + 20);
  });

  it("pending deliveries are searched in order if there are too many to look up", async () => {
    const [first] = await readRecords(asShard(env.DB), [eventId(0)]);
    const pending = (first?.deliveries ?? []).map(
      (each) => ({ ...each, status: "pending", next_attempt_at: AT }) as const,
    );
    await tables.events.update(({ id }) => id === eventId(0) || String(id) > eventId(COUNT - 1_200), {
      rescue_at: rescueAt(pending),
      deliveries: pending,
    });
    const { page, read } = await metered(`/deliveries?status=pending&destination_id=${COMMON}`);
    expect(page.data).toEqual([]);
    expect(cursorIn(page)).toBe(eventId(COUNT - MAX_SCANNED_ROWS).replace("evt", "dlv"));
    // It scans every event, and reads every pending delivery.
    expect(read).toBeLessThanOrEqual(MAX_SCANNED_ROWS + 2_500);
  });
});
