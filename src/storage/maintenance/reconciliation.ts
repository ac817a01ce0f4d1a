import type { ShardDatabase } from "../../platform/shards.ts";
import type { Outcomes } from "../../model/reconciliation.ts";
import { type Row, fromColumnOrNull, integer } from "../rows.ts";
import { COUNT_ABOVE_WATERMARK, FINAL_AFTER_MS, HOUR_MS, OUTCOME_COLUMNS, WATERMARK, boundsOf } from "./rollups.ts";

// Reads what was accepted, from the rollups, and what became of it, from the events themselves, so that the two can be compared.
// A reading counts the events of the latest hours that are not final, up to a limit. Of other hours that are not final it takes
// the outcomes that their row holds: maintenance counts those again from time to time (recount.ts). Events above the watermark
// of the rollups are counted once for both, because their number is bounded: a count of all of an hour would not fit to theirs.

/** The totals of a shard, in events × destinations. `accepted` is without what is in the outbox only. */
export type Totals = { readonly accepted: number; readonly outcomes: Outcomes; readonly outbox: number };

const NOTHING: Outcomes = { delivered: 0, dead: 0, pending: 0, cancelled: 0, ignored: 0 };

const COUNT_HOUR = `SELECT ${OUTCOME_COLUMNS} FROM events e WHERE e.id >= ?1 AND e.id < ?2 AND e.id <= ${WATERMARK}`;

/** The rows of the outbox that are counted, at most. */
const MAX_OUTBOX_ROWS = 100_000;

// An event that is recorded counts by its row, even if the outbox still has it.
const COUNT_OUTBOX = `
  SELECT COUNT(*) AS outbox FROM (SELECT id FROM outbox LIMIT ${MAX_OUTBOX_ROWS}) o
  WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = o.id)`;

// Events that wait in groups, times the destinations of the group.
const COUNT_WAITING = `
  SELECT COUNT(*) AS members, COALESCE(SUM(destinations), 0) AS waiting FROM (
    SELECT json_array_length(g.destination_ids) AS destinations
    FROM groups g INDEXED BY groups_open CROSS JOIN group_members m ON m.group_id = g.id
    WHERE g.event_id IS NULL LIMIT ?1)`;

/** Returns the outcomes in the columns of `OUTCOME_COLUMNS`. */
export function parseOutcomes(row: Row): Outcomes {
  return {
    delivered: integer(row, "delivered"),
    dead: integer(row, "dead"),
    pending: integer(row, "pending"),
    cancelled: integer(row, "cancelled"),
    ignored: integer(row, "ignored"),
  };
}

export function addOutcomes(a: Outcomes, b: Outcomes): Outcomes {
  return {
    delivered: a.delivered + b.delivered,
    dead: a.dead + b.dead,
    pending: a.pending + b.pending,
    cancelled: a.cancelled + b.cancelled,
    ignored: a.ignored + b.ignored,
  };
}

function sumOf({ delivered, dead, pending, cancelled, ignored }: Outcomes): number {
  return delivered + dead + pending + cancelled + ignored;
}

/** The outcomes that a rollup holds. `is_open`: they must be counted again, because they can change without a trace. */
type StoredOutcomes = Outcomes & { readonly is_open?: 1 };

type Rollup = {
  readonly hour: number;
  readonly accepted: number;
  readonly changes: number;
  readonly counts: StoredOutcomes | null;
  /** The outcomes of its events that are in segments. `counts` has those of all. */
  readonly cold: Outcomes;
};

/** Returns the outcomes of events in segments, from the column `cold`. */
export function parseCold(row: Row): Outcomes {
  return { ...NOTHING, ...fromColumnOrNull<Partial<Outcomes>>(row, "cold") };
}

function parseRollup(row: Row): Rollup {
  return {
    hour: integer(row, "hour"),
    accepted: integer(row, "accepted"),
    changes: integer(row, "changes"),
    counts: fromColumnOrNull(row, "counts"),
    cold: parseCold(row),
  };
}

function isFinal({ counts }: Rollup): boolean {
  return counts !== null && counts.is_open === undefined;
}

/** Returns whether the outcomes of an hour are final once nothing of it is pending. */
export function isLongOver(hour: number, nowMs: number): boolean {
  return (hour + 1) * HOUR_MS + FINAL_AFTER_MS < nowMs;
}

/**
 * What one reading counts, at most: events × destinations, of which D1 takes some 20 µs for each, hours, events that wait
 * in groups, and events above the watermark, which maintenance moves each minute.
 */
export type CountLimits = {
  readonly max_counted: number;
  readonly max_hours: number;
  readonly max_waiting?: number;
  readonly max_above?: number;
};

const MAX_WAITING = 100_000;
const MAX_ABOVE = 50_000;
const LIMITS: CountLimits = { max_counted: 100_000, max_hours: 40 };

/** Returns the hours that a reading counts: the latest ones that are not final and fit. All of an hour without a row is new. */
function hoursToCount(rollups: readonly Rollup[], { max_counted, max_hours }: CountLimits): readonly number[] {
  let left = max_counted;
  const hours: number[] = [];
  for (const rollup of rollups) {
    if (isFinal(rollup) || rollup.accepted > left || hours.length >= max_hours) continue;
    hours.push(rollup.hour);
    left -= rollup.accepted;
  }
  return hours;
}

const READ_ROLLUPS = "SELECT hour, accepted, changes, counts, cold FROM rollups ORDER BY hour DESC";

/** Everything is counted this often, at most, while hours are reopened during the count. */
const MAX_ROUNDS = 5;

/**
 * Returns the totals of a shard. Everything is read in one transaction, so that events of that moment do not look like an
 * imbalance. What has not been counted yet shows as pending.
 */
export async function readTotals(db: ShardDatabase, nowMs: number, limits = LIMITS): Promise<Totals> {
  for (let round = 1; ; round++) {
    const { isWhole, ...totals } = await readTotalsOnce(db, nowMs, limits);
    if (isWhole || round === MAX_ROUNDS) return totals;
  }
}

type Above = { readonly accepted: number; readonly outcomes: Outcomes };

/** Returns the outcomes of an hour: those up to the watermark, as they were counted or are stored, and those above it. */
function outcomesOf(rollup: Rollup, counted: Outcomes | undefined, above: Above | undefined): Outcomes {
  const below = counted ?? rollup.counts ?? { ...NOTHING, pending: rollup.accepted };
  return above === undefined ? below : addOutcomes(below, above.outcomes);
}

/** `isWhole`: no hour was reopened between the choice of the hours and their count. */
async function readTotalsOnce(
  db: ShardDatabase,
  nowMs: number,
  limits: CountLimits,
): Promise<Totals & { readonly isWhole: boolean }> {
  const { max_waiting = MAX_WAITING, max_above = MAX_ABOVE } = limits;
  const before = (await db.prepare(READ_ROLLUPS).all<Row>()).results.map(parseRollup);
  const hours = hoursToCount(before, limits);
  const [rollupRows, aboveRows, outboxRow, waitingRow, ...hourRows] = await db.batch<Row>([
    db.prepare(READ_ROLLUPS),
    db.prepare(COUNT_ABOVE_WATERMARK).bind(max_above),
    db.prepare(COUNT_OUTBOX),
    db.prepare(COUNT_WAITING).bind(max_waiting + 1),
    ...hours.map((hour) => db.prepare(COUNT_HOUR).bind(boundsOf(hour).from, boundsOf(hour).to)),
  ]);
  const rollups = (rollupRows?.results ?? []).map(parseRollup);
  const above = new Map<number, Above>();
  for (const row of aboveRows?.results ?? []) {
    above.set(integer(row, "hour"), { accepted: integer(row, "accepted"), outcomes: parseOutcomes(row) });
  }
  const cold = new Map(rollups.map((rollup) => [rollup.hour, rollup.cold]));
  const counted = new Map(
    hours.map((hour, index) => {
      const hot = parseOutcomes(hourRows[index]?.results[0] ?? {});
      return [hour, addOutcomes(hot, cold.get(hour) ?? NOTHING)];
    }),
  );
  const known = new Set(rollups.map(({ hour }) => hour));
  const parts = [
    ...rollups.map((rollup) => outcomesOf(rollup, counted.get(rollup.hour), above.get(rollup.hour))),
    ...[...above].flatMap(([hour, { outcomes }]) => (known.has(hour) ? [] : [outcomes])),
    { ...NOTHING, pending: integer(waitingRow?.results[0] ?? {}, "waiting") },
  ];
  await storeCounts(
    db,
    rollups.flatMap((rollup) => {
      const counts = counted.get(rollup.hour);
      const isAllCounted = !above.has(rollup.hour);
      const isDone = isAllCounted && isLongOver(rollup.hour, nowMs) && !isFinal(rollup) && counts?.pending === 0;
      return isDone ? [{ hour: rollup.hour, changes: rollup.changes, counts }] : [];
    }),
  );
  const accepted = [...rollups, ...above.values()].reduce((sum, each) => sum + each.accepted, 0);
  const passedOver = new Set(before.filter(({ hour }) => !counted.has(hour)).map(({ hour }) => hour));
  const wasOpen = new Set(before.filter((rollup) => !isFinal(rollup)).map(({ hour }) => hour));
  const isWhole = rollups.every(
    (rollup) =>
      isFinal(rollup) || counted.has(rollup.hour) || (passedOver.has(rollup.hour) && wasOpen.has(rollup.hour)),
  );
  const outbox = integer(outboxRow?.results[0] ?? {}, "outbox");
  const outcomes = parts.reduce(addOutcomes, NOTHING);
  // Events that wait in groups and were not counted are pending, as all that is not counted.
  const isCut = integer(waitingRow?.results[0] ?? {}, "members") > max_waiting;
  const uncounted = isCut ? Math.max(0, accepted - sumOf(outcomes)) : 0;
  return { isWhole, accepted, outcomes: { ...outcomes, pending: outcomes.pending + uncounted }, outbox };
}

/** Outcomes of an hour, counted while its row had so many `changes`. */
export type CountedHour = { readonly hour: number; readonly changes: number; readonly counts: StoredOutcomes };

const STORE_COUNTS = `
  UPDATE rollups SET counts = u.value->>'counts'
  FROM json_each(?1) u WHERE rollups.hour = u.value->>'hour' AND rollups.changes = u.value->>'changes'`;

/** Stores outcomes of hours that have not changed since they were counted. */
export async function storeCounts(db: ShardDatabase, counted: readonly CountedHour[]): Promise<void> {
  if (counted.length > 0) await db.prepare(STORE_COUNTS).bind(JSON.stringify(counted)).run();
}
