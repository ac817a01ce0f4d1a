import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { DELIVERY_STATUSES, type Attempt, type Delivery } from "../../../src/model/delivery.ts";
import type { EventRecord } from "../../../src/model/event.ts";
import { createIdMinter, deliveryIdOf } from "../../../src/model/ids.ts";
import type { Replay } from "../../../src/model/replay.ts";
import { asShard } from "../../../src/platform/shards.ts";
import { rowFormAt } from "../../../src/storage/config/revision.ts";
import { changeDeliveries } from "../../../src/storage/events/changes.ts";
import {
  type RowForm,
  countMatches,
  findDelivery,
  listDeliveries,
  listEvents,
  readRecords,
  readUnknownDeliveries,
} from "../../../src/storage/events/log.ts";
import { fullDelivery, shortDelivery } from "../../../src/storage/events/short-deliveries.ts";
import { readTotals } from "../../../src/storage/maintenance/reconciliation.ts";
import { writeRollups } from "../../../src/storage/maintenance/rollups.ts";
import { commitBatch } from "../../../src/storage/pipeline/commit.ts";
import { AT, contentOf, deliveryTo } from "../../api/records.ts";
import { runs } from "../../support/runs.ts";
import { tables } from "../../support/tables.ts";

// Rows in the short form say what full ones say: to lists, to filters, to counts and to replays.

const db = asShard(env.DB);
const AT_MS = Date.parse(AT);
const DESTINATIONS = [1, 2, 3].map((n) => `dst_000000000000000000000000000${n}`);
const REPLAY_ID = "rpl_00000000000000000000000000r1";

const time = fc.integer({ min: AT_MS, max: AT_MS + 10_000_000 }).map((ms) => new Date(ms).toISOString());
const attempt: fc.Arbitrary<Omit<Attempt, "number">> = fc.record({
  at: time,
  status: fc.option(fc.constantFrom(200, 204, 404, 503)),
  duration_ms: fc.integer({ min: 0, max: 70_000 }),
  response_body: fc.option(fc.constantFrom("", "ok", '[1,"dst_', '"status":"dead"', "é\u0000\n")),
  error: fc.option(fc.constantFrom("timeout", '"status":"pending"')),
});

/** What differs between deliveries. Most of them are usual ones. */
type Drawn = {
  readonly to: string;
  readonly more: Partial<Delivery>;
  readonly attempts: readonly Omit<Attempt, "number">[];
};

const drawn: fc.Arbitrary<Drawn> = fc.record({
  to: fc.constantFrom(...DESTINATIONS),
  more: fc.record({
    status: fc.constantFrom(...DELIVERY_STATUSES, "delivered", "delivered", "delivered"),
    route_id: fc.constantFrom("rte_1", "rte_2", null),
    reason: fc.constantFrom(null, null, null, null, "attempts_exhausted"),
    replayed_by: fc.constantFrom(null, null, null, null, "dlv_other"),
    created_at: time,
    updated_at: time,
  }),
  attempts: fc.array(attempt, { maxLength: 3 }),
});

const mint = createIdMinter(
  () => AT_MS,
  (length) => crypto.getRandomValues(new Uint8Array(length)),
);

function recordOf(list: readonly Drawn[]): EventRecord {
  const { id } = mint("evt");
  const chosen = new Map(list.map((each) => [each.to, each]));
  const deliveries = [...chosen.values()].map(({ to, more, attempts }) =>
    deliveryTo(id, to, { ...more, attempts: attempts.map((each, index) => ({ number: index + 1, ...each })) }),
  );
  const record = { id, integration_id: "int_1", type: "event.received", outcome: "received", alert_id: null } as const;
  return { ...record, received_at: AT, version: 1, deliveries };
}

async function commit(records: readonly EventRecord[], row_form: RowForm): Promise<void> {
  const nothing = {
    corrections: [],
    alerts: [],
    gone_alerts: [],
    compactions: [],
    histories: [],
    outbox: [],
    unread: [],
  };
  const events = records.map((record) => ({ record, alert: null, content: contentOf({}) }));
  await commitBatch(db, { ...nothing, tallies: { late: [], corrected: [] }, events, row_form });
}

const replay: Replay = {
  id: REPLAY_ID,
  filter: {
    status: ["delivered", "dead"],
    integration_id: null,
    destination_id: null,
    route_id: "rte_1",
    from: null,
    to: null,
    delivery_ids: null,
  },
  status: "running",
  rate_per_second: 1,
  count: 0,
  count_is_exact: true,
  replayed: 0,
  failed: 0,
  position: "",
  created_at: new Date(AT_MS + 5_000_000).toISOString(),
  updated_at: AT,
};

/** All that readers find. */
async function whatIsFound(records: readonly EventRecord[]): Promise<object> {
  const stores = contextOf(env);
  const page = { limit: 100, before: null };
  const ids = records.map(({ id }) => id);
  const filters = [
    {},
    { outstanding: "true" },
    ...DELIVERY_STATUSES.flatMap((status) => [
      { status },
      ...DESTINATIONS.map((destination_id) => ({ status, destination_id })),
    ]),
    ...DESTINATIONS.map((destination_id) => ({ destination_id })),
    { replays: "true" },
    { replays: "false" },
    { created_from_ms: AT_MS + 5_000_000 },
    { created_to_ms: AT_MS + 5_000_000 },
    { created_from_ms: AT_MS + 2_000_000, created_to_ms: AT_MS + 8_000_000 },
  ] as const;
  const lists = [];
  for (const filter of filters) lists.push(await listDeliveries(stores, page, filter));
  const events = await listEvents(stores, page, {});
  const known = records.flatMap(({ deliveries }) => deliveries.map((each) => each.id));
  const unknown = await readUnknownDeliveries(stores, [...known, deliveryIdOf(ids[0] ?? "", "dst_of_another_event")]);
  const above = await readTotals(db, AT_MS);
  await writeRollups(db, AT_MS + 1);
  return {
    records: await readRecords(db, ids),
    lists,
    events,
    single: await findDelivery(stores, known[0] ?? ""),
    unknown: [...unknown],
    matches: await countMatches(stores, replay, DESTINATIONS),
    above,
    hours: await tables.rollups.all(),
    charts: (await tables.series_parts.all()).map(({ counts }) => counts),
  };
}

async function clear(): Promise<void> {
  for (const table of [tables.events, tables.rollups, tables.series_parts, tables.maintenance_tasks])
    await table.delete();
}

it("readers find in short rows what they find in full ones", async () => {
  const lists = fc.array(fc.array(drawn, { maxLength: 3 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(lists, async (events) => {
      const records = events.map(recordOf);
      await clear();
      await commit(records, "full");
      const found = await whatIsFound(records);
      await clear();
      await commit(records, "short");
      expect(await whatIsFound(records)).toEqual(found);
    }),
    { numRuns: runs(60) },
  );
});

it("a delivery in the short form stands for itself", () => {
  fc.assert(
    fc.property(drawn, (one) => {
      const [delivery] = recordOf([one]).deliveries;
      const short = delivery === undefined ? null : shortDelivery(delivery);
      if (delivery === undefined || short === null) return;
      expect(fullDelivery(delivery.event_id, short)).toEqual(delivery);
    }),
  );
});

it("a delivery is in the short form only if that says everything", () => {
  const usual = deliveryTo(mint("evt").id, DESTINATIONS[0] ?? "");
  expect(shortDelivery(usual)).toEqual([1, DESTINATIONS[0], "rte_1", AT_MS, 0, [[0, 200, 3, "o\u0000k"]]]);
  const [first] = usual.attempts;
  if (first === undefined) throw new Error("It has no attempt.");
  const unusual: readonly Partial<Delivery>[] = [
    { status: "pending" },
    { status: "dead" },
    { status: "cancelled" },
    { id: `${usual.id}0000000000000000` },
    { replay_of: "dlv_1" },
    { replayed_by: "dlv_1" },
    { reason: "superseded" },
    { next_attempt_at: AT },
    { created_at: "2026-11-20T10:00:00Z" },
    { updated_at: "yesterday" },
    { attempts: [{ ...first, number: 2 }] },
    { attempts: [{ ...first, at: "2026-11-20T10:00:00.0000Z" }] },
  ];
  for (const more of unusual) expect(shortDelivery({ ...usual, ...more }), JSON.stringify(more)).toBeNull();
});

it("a usual event of a catch hook fits a page beside others", async () => {
  const record = recordOf([{ to: DESTINATIONS[0] ?? "", more: {}, attempts: [] }]);
  await commit([record], "short");
  expect(String(await tables.events.value("deliveries")).length).toBeLessThan(120);
  const [found] = await readRecords(db, [record.id]);
  expect(found?.deliveries).toEqual(record.deliveries);
});

it("a change writes the form that it is told, over either", async () => {
  for (const form of ["full", "short", "full"] as const) {
    const record = recordOf([{ to: DESTINATIONS[0] ?? "", more: {}, attempts: [] }]);
    await commit([record], form === "full" ? "short" : "full");
    const change = { id: record.id, version: 1, deliveries: record.deliveries, tallies: [] };
    await changeDeliveries(db, [change], form);
    expect(await tables.events.value("deliveries", { id: record.id })).toMatch(form === "full" ? /^\[\{/ : /^\[\[1,/);
    expect((await readRecords(db, [record.id]))[0]?.deliveries).toEqual(record.deliveries);
  }
});

it("rows are short from the time that the migration has set", () => {
  expect(rowFormAt({ short_rows_from: 100 }, 99)).toBe("full");
  expect(rowFormAt({ short_rows_from: 100 }, 100)).toBe("short");
});
