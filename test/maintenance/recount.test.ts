import { beforeEach, describe, expect, it } from "vitest";
import type { DeliveryStatus } from "../../src/model/delivery.ts";
import { lowestIdAt } from "../../src/model/ids.ts";
import { reconcile } from "../../src/model/reconciliation.ts";
import { asShard } from "../../src/platform/shards.ts";
import { type CountLimits, readTotals } from "../../src/storage/maintenance/reconciliation.ts";
import { type RecountState, recount } from "../../src/storage/maintenance/recount.ts";
import { deleteEvents } from "../../src/storage/maintenance/prune.ts";
import { hourOf, writeRollups } from "../../src/storage/maintenance/rollups.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, statusOf } from "../support/api.ts";
import { deliveryTo } from "../api/records.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { tables } from "../support/tables.ts";

const HOUR = 3_600_000;
const HOURS = 45;
const EVENTS_AN_HOUR = 20;
const DEAD = "dst_0000000000000000000000000001";
const GOOD = "dst_0000000000000000000000000002";
const START: RecountState = { last_hour: null, current: null };
const NO_EVENTS = { max_counted: 0, max_hours: 0 };

const now = Math.floor(Date.now() / HOUR) * HOUR + HOUR / 2;
const meter = emptyMeter();
const db = asShard(meteredDatabase(meter));

/** Inserts events of the last hours, each delivered to one destination and pending for another, and counts them. */
beforeEach(async () => {
  const rows = Array.from({ length: HOURS * EVENTS_AN_HOUR }, (_, index) => {
    const at = now - Math.floor(index / EVENTS_AN_HOUR) * HOUR - (index % EVENTS_AN_HOUR);
    const id = lowestIdAt("evt", at);
    const deliveries = [deliveryTo(id, GOOD), deliveryTo(id, DEAD, { status: "pending" })];
    return { id, integration_id: "int_1", type: "event.received", received_at: new Date(at).toISOString(), deliveries };
  });
  await tables.events.insert(...rows);
  await writeRollups(db, now + 1_000);
  Object.assign(meter, emptyMeter());
});

async function endAll(status: DeliveryStatus): Promise<void> {
  await tables.events.edit<{ destination_id: string }[]>({}, "deliveries", (deliveries) =>
    deliveries.map((each) => (each.destination_id === DEAD ? { ...each, status } : each)),
  );
}

async function totals(limits?: CountLimits) {
  const { accepted, outcomes, outbox } = await readTotals(db, now, limits);
  return reconcile(accepted, outcomes, outbox);
}

const ALL = HOURS * EVENTS_AN_HOUR;

it("events that wait in groups are counted up to a bound, and the others are pending", async () => {
  await tables.groups.insert(
    ...["grp_1", "grp_2"].map((id) => {
      const times = { opened_at: now, closes_at: now + HOUR };
      return { id, route_id: "rte_1", integration_id: "int_1", group_key: id, destination_ids: [GOOD, DEAD], ...times };
    }),
  );
  const waiting = Array.from({ length: 300 }, (_, index) => lowestIdAt("evt", now + 10_000 + index));
  const received_at = new Date(now + 10_000).toISOString();
  await tables.events.insert(
    ...waiting.map((id) => ({ id, integration_id: "int_1", type: "event.received", received_at, grouped: 2 })),
  );
  await tables.group_members.insert(
    ...waiting.map((event_id, index) => ({ group_id: `grp_${(index % 2) + 1}`, event_id })),
  );
  const before = await totals();
  expect(before).toMatchObject({ accepted: 2 * ALL + 600, pending: ALL + 600, balanced: true });
  const readWith = async (limits: CountLimits): Promise<number> => {
    Object.assign(meter, emptyMeter());
    expect(await totals(limits)).toEqual(before);
    return meter.read;
  };
  expect(await readWith({ ...NO_EVENTS, max_waiting: 50 })).toBeLessThan((await readWith(NO_EVENTS)) - 200);
});

describe("totals while the rollups are behind", () => {
  const limits = { max_counted: 100_000, max_hours: 40, max_above: 5 };

  beforeEach(async () => {
    await tables.rollups.delete();
    await tables.maintenance_tasks.delete();
    // In the middle of an hour: more of its events wait for their count than one reading takes.
    await writeRollups(db, now - 3 * HOUR - EVENTS_AN_HOUR / 2);
  });

  it("balance, although one reading counts only some of the events that wait for their count", async () => {
    expect(await totals(limits)).toMatchObject({ balanced: true });
    expect(await totals({ ...NO_EVENTS, max_above: 5 })).toMatchObject({ balanced: true });
  });

  it("balance after a recount, before and after the rollups have caught up", async () => {
    let state = START;
    do {
      state = await recount(db, now, state, { max_events: 10_000, max_hours: 99 });
    } while (state.last_hour !== null);
    expect(await totals({ ...NO_EVENTS, max_above: 5 })).toMatchObject({ balanced: true });
    await writeRollups(db, now + 1_000);
    expect(await totals(NO_EVENTS)).toMatchObject({ accepted: 2 * ALL, balanced: true });
  });
});

describe("totals of many hours that are not final", () => {
  it("are those of the rollups beyond what one reading may count", async () => {
    const balanced = { accepted: 2 * ALL, delivered: ALL, pending: ALL, balanced: true };
    expect(await totals(NO_EVENTS)).toMatchObject(balanced);
    expect(meter.read).toBeLessThan(3 * HOURS);
    expect(await totals({ max_counted: 2 * EVENTS_AN_HOUR * 3, max_hours: 40 })).toMatchObject(balanced);
    expect(meter.read).toBeLessThan(ALL);
  });

  it("are counted where they fit, and 200 at the API", async () => {
    await endAll("dead");
    expect(await totals()).toMatchObject({ accepted: 2 * ALL, dead: EVENTS_AN_HOUR * 40, balanced: true });
    const reply = await client.reconciliation.get();
    expect(statusOf(reply)).toBe(200);
    expect(unwrap(reply).balanced).toBe(true);
  });

  it("are counted again in turn, a bounded number of events at a time", async () => {
    await endAll("dead");
    let state = START;
    let runs = 0;
    const limits = { max_events: EVENTS_AN_HOUR * 10, max_hours: 10 };
    do {
      Object.assign(meter, emptyMeter());
      state = await recount(db, now, state, limits);
      expect(meter.read).toBeLessThan(3_000);
      expect(meter.queries).toBeLessThan(60);
      runs += 1;
    } while (state.last_hour !== null || state.current !== null);
    expect(runs).toBeGreaterThanOrEqual(4);
    // All but the present hour, which is not over.
    expect(await totals(NO_EVENTS)).toMatchObject({
      dead: (HOURS - 1) * EVENTS_AN_HOUR,
      pending: EVENTS_AN_HOUR,
      balanced: true,
    });
    const stored = await tables.rollups.all<{ counts: string }>();
    // Those of the last three hours may still change.
    expect(stored.filter(({ counts }) => counts.includes("is_open"))).toHaveLength(3);
  });

  it("continue within an hour that is too large for one run", async () => {
    await endAll("dead");
    let state = START;
    const seen: RecountState[] = [];
    for (let run = 0; run < 3; run++) {
      state = await recount(db, now, state, { max_events: 8, max_hours: 1 });
      seen.push(state);
    }
    expect(seen.map(({ current }) => current?.counts.dead ?? null)).toEqual([8, 16, null]);
    expect(await totals(NO_EVENTS)).toMatchObject({ dead: EVENTS_AN_HOUR, balanced: true });
  });

  it("show an event that is missing once its hour is counted again", async () => {
    await tables.events.delete({ id: lowestIdAt("evt", now - 10 * HOUR) });
    let state = START;
    do {
      state = await recount(db, now, state, { max_events: 10_000, max_hours: 99 });
    } while (state.last_hour !== null);
    expect(await totals(NO_EVENTS)).toMatchObject({ accepted: 2 * ALL, balanced: false });
  });

  it("show an hour whose outcomes were dropped as pending until it is counted again", async () => {
    await tables.rollups.update({ hour: Math.floor(now / HOUR) - 5 }, { counts: null });
    expect(await totals(NO_EVENTS)).toMatchObject({ delivered: ALL - EVENTS_AN_HOUR, balanced: true });
    await recount(db, now, START, { max_events: EVENTS_AN_HOUR + 1, max_hours: 1 });
    expect(await totals(NO_EVENTS)).toMatchObject({ delivered: ALL, balanced: true });
  });
});

it("deleted events are subtracted from the outcomes of their hour, which stay final", async () => {
  await endAll("dead");
  const hour = Math.floor(now / HOUR) - 20;
  await recount(db, now, { last_hour: hour + 1, current: null }, { max_events: EVENTS_AN_HOUR + 1, max_hours: 1 });
  const events = await tables.events.all<{ id: string }>();
  const gone = events.filter(({ id }) => hourOf(id) === hour).slice(0, 5);
  expect(
    await deleteEvents(
      db,
      gone.map(({ id }) => id),
    ),
  ).toBe(5);
  const counts = JSON.parse(String(await tables.rollups.value("counts", { hour })));
  const left = EVENTS_AN_HOUR - 5;
  expect(counts).toEqual({ delivered: left, dead: left, pending: 0, cancelled: 0, ignored: 0 });
  expect(await totals(NO_EVENTS)).toMatchObject({ accepted: 2 * (ALL - 5), balanced: true });
});

it("a database of before the outcomes were kept is counted", async () => {
  await tables.rollups.update({}, { counts: null });
  expect(await totals(NO_EVENTS)).toMatchObject({ accepted: 2 * ALL, pending: 2 * ALL, balanced: true });
  expect(await tables.rollups.count()).toBe(HOURS);
});
