import type { ShardDatabase } from "../../platform/shards.ts";
import type { Outcomes } from "../../model/reconciliation.ts";
import { deliveryCount, statusCount } from "../events/deliveries-column.ts";
import { type Row, fromColumnOrNull, integer, textOrNull } from "../rows.ts";
import { COUNT_ABOVE_WATERMARK, FINAL_AFTER_MS, HOUR_MS, WATERMARK, boundsOf, hourOf } from "./rollups.ts";

// Reads what was accepted, from the rollups, and what became of it, from the events themselves, so that the two can be compared.

/** The totals of a shard, in events × destinations. `accepted` is without what is in the outbox only. */
export type Totals = { readonly accepted: number; readonly outcomes: Outcomes; readonly outbox: number };

// An event that is recorded counts by its row, even if the outbox still has it.
const COUNT_HOUR = `
  SELECT
    COALESCE(SUM(${statusCount("e", "delivered")} * weight), 0) AS delivered,
    COALESCE(SUM(${statusCount("e", "dead")} * weight), 0) AS dead,
    COALESCE(SUM(${statusCount("e", "pending")} * weight), 0) AS pending,
    COALESCE(SUM(${statusCount("e", "cancelled")} * weight), 0) AS cancelled,
    COALESCE(SUM(${deliveryCount("e")} = 0 AND grouped = 0), 0) AS ignored
  FROM events e WHERE id >= ?1 AND id < ?2`;

const COUNT_OUTBOX = `
  SELECT COUNT(*) AS outbox FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = o.id)`;

// Events that wait in groups, times the destinations of the group.
const COUNT_WAITING = `
  SELECT COALESCE(SUM(json_array_length(g.destination_ids) * (
    SELECT COUNT(*) FROM group_members m WHERE m.group_id = g.id)), 0) AS waiting
  FROM groups g WHERE g.event_id IS NULL`;

function parseOutcomes(row: Row): Outcomes {
  return {
    delivered: integer(row, "delivered"),
    dead: integer(row, "dead"),
    pending: integer(row, "pending"),
    cancelled: integer(row, "cancelled"),
    ignored: integer(row, "ignored"),
  };
}

function add(a: Outcomes, b: Outcomes): Outcomes {
  return {
    delivered: a.delivered + b.delivered,
    dead: a.dead + b.dead,
    pending: a.pending + b.pending,
    cancelled: a.cancelled + b.cancelled,
    ignored: a.ignored + b.ignored,
  };
}

type Rollup = {
  readonly hour: number;
  readonly accepted: number;
  readonly changes: number;
  /** The outcomes of the hour if they are final. */
  readonly counts: Outcomes | null;
};

function parseRollup(row: Row): Rollup {
  return {
    hour: integer(row, "hour"),
    accepted: integer(row, "accepted"),
    changes: integer(row, "changes"),
    counts: fromColumnOrNull(row, "counts"),
  };
}

const READ_ROLLUPS = "SELECT hour, accepted, changes, counts FROM rollups ORDER BY hour DESC";

/** Everything is counted this often, at most, while hours are reopened during the count. */
const MAX_ROUNDS = 5;

/** The number of hours that one transaction counts, so that a long history is not one query. */
const HOURS_PER_BATCH = 40;

/**
 * Returns the totals of a shard. The outcomes of an hour that is final and has nothing pending are counted once and stored. The
 * newest hours are read in one transaction with the rollups, so that events of that moment do not look like an imbalance.
 */
export async function readTotals(db: ShardDatabase, nowMs: number): Promise<Totals> {
  for (let round = 1; ; round++) {
    const { isWhole, ...totals } = await readTotalsOnce(db, nowMs);
    if (isWhole || round === MAX_ROUNDS) return totals;
  }
}

/** `isWhole`: no hour was reopened between reading which hours are open and counting them. */
async function readTotalsOnce(db: ShardDatabase, nowMs: number): Promise<Totals & { readonly isWhole: boolean }> {
  const hours = await hoursToCount(db, nowMs);
  const newest = hours.slice(0, HOURS_PER_BATCH);
  const [rollupRows, aboveRow, outboxRow, waitingRow, ...newestRows] = await db.batch<Row>([
    db.prepare(READ_ROLLUPS),
    db.prepare(COUNT_ABOVE_WATERMARK),
    db.prepare(COUNT_OUTBOX),
    db.prepare(COUNT_WAITING),
    ...newest.map((hour) => countHour(db, hour)),
  ]);
  const counted = new Map(newest.map((hour, index) => [hour, parseOutcomes(newestRows[index]?.results[0] ?? {})]));
  for (let start = HOURS_PER_BATCH; start < hours.length; start += HOURS_PER_BATCH) {
    const part = hours.slice(start, start + HOURS_PER_BATCH);
    const read = await db.batch<Row>(part.map((hour) => countHour(db, hour)));
    for (const [index, hour] of part.entries()) counted.set(hour, parseOutcomes(read[index]?.results[0] ?? {}));
  }
  const rollups = (rollupRows?.results ?? []).map(parseRollup);
  const pending = integer(waitingRow?.results[0] ?? {}, "waiting");
  let outcomes: Outcomes = { delivered: 0, dead: 0, pending, cancelled: 0, ignored: 0 };
  for (const { hour, counts } of rollups) if (counts !== null && !counted.has(hour)) outcomes = add(outcomes, counts);
  for (const counts of counted.values()) outcomes = add(outcomes, counts);
  await storeCounts(
    db,
    rollups.flatMap(({ hour, changes, counts: stored }) => {
      const counts = counted.get(hour);
      const isFinal = (hour + 1) * HOUR_MS + FINAL_AFTER_MS < nowMs;
      return isFinal && stored === null && counts?.pending === 0 ? [{ hour, changes, counts }] : [];
    }),
  );
  const aboveWatermark = integer(aboveRow?.results[0] ?? {}, "accepted");
  const accepted = rollups.reduce((sum, rollup) => sum + rollup.accepted, aboveWatermark);
  const isWhole = rollups.every(({ hour, counts }) => counts !== null || counted.has(hour));
  return { isWhole, accepted, outcomes, outbox: integer(outboxRow?.results[0] ?? {}, "outbox") };
}

const READ_OPEN = "SELECT hour FROM rollups WHERE counts IS NULL ORDER BY hour DESC";
const READ_UNCOUNTED_FROM = `SELECT COALESCE(NULLIF(${WATERMARK}, ''), (SELECT MIN(id) FROM events)) AS id`;

/** Returns the hours without stored outcomes, newest first: those that are open, and all from the watermark on. */
async function hoursToCount(db: ShardDatabase, nowMs: number): Promise<number[]> {
  const [open, uncounted] = await db.batch<Row>([db.prepare(READ_OPEN), db.prepare(READ_UNCOUNTED_FROM)]);
  const current = Math.floor(nowMs / HOUR_MS);
  const id = textOrNull(uncounted?.results[0] ?? {}, "id") ?? "";
  const first = id === "" ? current : Math.min(current, hourOf(id));
  // One more hour, because the next one may begin before they are counted.
  const latest = Array.from({ length: current - first + 2 }, (_, index) => current + 1 - index);
  return [...new Set([...latest, ...(open?.results ?? []).map((row) => integer(row, "hour"))])];
}

function countHour(db: ShardDatabase, hour: number): D1PreparedStatement {
  const { from, to } = boundsOf(hour);
  return db.prepare(COUNT_HOUR).bind(from, to);
}

type FinalCounts = { readonly hour: number; readonly changes: number; readonly counts: Outcomes };

const STORE_COUNTS = `
  UPDATE rollups SET counts = u.value->>'counts'
  FROM json_each(?1) u WHERE rollups.hour = u.value->>'hour' AND rollups.changes = u.value->>'changes'`;

async function storeCounts(db: ShardDatabase, final: readonly FinalCounts[]): Promise<void> {
  if (final.length > 0) await db.prepare(STORE_COUNTS).bind(JSON.stringify(final)).run();
}
