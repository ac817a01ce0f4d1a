import { lowestIdAt, timeOf } from "../model/ids.ts";
import type { Outcomes } from "../model/reconciliation.ts";
import { type Row, integer, textOrNull } from "./rows.ts";

const HOUR_MS = 3_600_000;
/** An hour is counted anew each time until it has been over for this long. */
const SETTLED_AFTER_MS = 2 * HOUR_MS;

/** The hour that an event counts in. */
export function hourOf(eventId: string): number {
  return Math.floor(timeOf(eventId) / HOUR_MS);
}

/** What an event with so many deliveries is owed, as SQL: one that is owed to nobody counts once, as ignored. */
function owed(deliveries: string, grouped: string): string {
  return `CASE WHEN ${deliveries} = 0 AND ${grouped} = 0 THEN 1 ELSE ${deliveries} + ${grouped} END`;
}

const ADD = `ON CONFLICT (hour) DO UPDATE SET accepted = accepted + excluded.accepted,
    changes = changes + 1, counts = NULL`;

/** Counts events `u` as accepted, before they are written; those on record are counted already, and a group's own event by its members. */
export function tallyNew(grouped: string): string {
  return `
  INSERT INTO tallies (hour, accepted)
  SELECT u.value->>'hour', SUM(CASE WHEN u.value->>'type' IS 'event.group' THEN 0
    ELSE ${owed("json_array_length(u.value->'deliveries')", grouped)} END)
  FROM json_each(?1) u
  WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id')
  GROUP BY 1 HAVING true ${ADD}`;
}

/** Counts what changes of events `u` add to what is owed, before they are written. */
export function tallyChanged(grouped: string): string {
  const before = owed("json_array_length(e.deliveries)", "e.grouped");
  const after = owed("json_array_length(u.value->'deliveries')", grouped);
  return `
  INSERT INTO tallies (hour, accepted)
  SELECT u.value->>'hour', SUM(((${after}) - (${before})) * e.weight)
  FROM json_each(?1) u JOIN events e ON e.id = u.value->>'id' AND e.version = u.value->>'version'
  GROUP BY 1 HAVING SUM(((${after}) - (${before})) * e.weight) <> 0 ${ADD}`;
}

/** Takes events that have nothing pending out of the count, before they are deleted; takes a JSON list of {id, hour}. */
export const UNTALLY = `
  INSERT INTO tallies (hour, accepted)
  SELECT u.value->>'hour', -SUM(
    CASE WHEN e.type IS 'event.group' THEN json_array_length(e.deliveries) * e.weight
    ELSE (${owed("json_array_length(e.deliveries)", "0")}) * e.weight - (e.grouped > 0 AND json_array_length(e.deliveries) = 0) END)
  FROM json_each(?1) u JOIN events e ON e.id = u.value->>'id' AND e.sweep_at IS NULL
  GROUP BY 1 HAVING true ${ADD}`;

/** Drops hours of which nothing is left, after events were deleted; takes a JSON list of {hour, from, to}, the ids' bounds. */
export const DROP_EMPTY = `
  DELETE FROM tallies WHERE accepted = 0 AND hour IN (
    SELECT u.value->>'hour' FROM json_each(?1) u
    WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id >= u.value->>'from' AND e.id < u.value->>'to'))`;

/** An hour with the ids that count in it: from the first on, up to the second. */
export function boundsOf(hour: number): { readonly hour: number; readonly from: string; readonly to: string } {
  return { hour, from: lowestIdAt("evt", hour * HOUR_MS), to: lowestIdAt("evt", (hour + 1) * HOUR_MS) };
}

/** Has hours counted anew, because something that was finished is open again. */
export const RECOUNT = `
  UPDATE tallies SET counts = NULL, changes = changes + 1
  WHERE hour IN (SELECT value->>'hour' FROM json_each(?1))`;

/** The same for events `u` that were corrected; mostly their hours are not over. */
export const RECOUNT_CORRECTED = `
  UPDATE tallies SET counts = NULL, changes = changes + 1
  WHERE counts IS NOT NULL AND hour IN (SELECT value->>'hour' FROM json_each(?1))`;

// An event that is on record is counted by its row; the outbox may still hold it.
const COUNT_HOUR = `
  SELECT
    COALESCE(SUM((SELECT SUM(d.value->>'status' = 'delivered') FROM json_each(e.deliveries) d) * weight), 0) AS delivered,
    COALESCE(SUM((SELECT SUM(d.value->>'status' = 'dead') FROM json_each(e.deliveries) d) * weight), 0) AS dead,
    COALESCE(SUM((SELECT SUM(d.value->>'status' = 'pending') FROM json_each(e.deliveries) d) * weight), 0) AS pending,
    COALESCE(SUM((SELECT SUM(d.value->>'status' = 'cancelled') FROM json_each(e.deliveries) d) * weight), 0) AS cancelled,
    COALESCE(SUM(json_array_length(deliveries) = 0 AND grouped = 0), 0) AS ignored
  FROM events e WHERE id >= ?1 AND id < ?2`;

const COUNT_OUTBOX = `
  SELECT COUNT(*) AS outbox FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id = o.id)`;

/** Events that wait in groups, times the destinations of the group. */
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

/** What was accepted, as the tallies say, and what has become of it, as the events say. */
export type Audit = { readonly accepted: number; readonly outcomes: Outcomes; readonly outbox: number };

type Tally = {
  readonly hour: number;
  readonly accepted: number;
  readonly changes: number;
  readonly counts: Outcomes | null;
};

function parseTally(row: Row): Tally {
  const counts: Outcomes | null = JSON.parse(textOrNull(row, "counts") ?? "null");
  return { hour: integer(row, "hour"), accepted: integer(row, "accepted"), changes: integer(row, "changes"), counts };
}

const READ_TALLIES = "SELECT hour, accepted, changes, counts FROM tallies ORDER BY hour DESC";

/** Hours that are counted in one transaction, so that a long history is not one query. */
const HOURS_A_BATCH = 40;

/**
 * Counts everything. Hours that are long over and have nothing pending are counted once, and remembered. The newest hours are
 * read in one transaction with the tallies, so that what happens meanwhile does not look like an imbalance.
 */
export async function audit(db: D1Database, nowMs: number): Promise<Audit> {
  const { results } = await db.prepare("SELECT hour FROM tallies WHERE counts IS NULL ORDER BY hour DESC").all<Row>();
  const open = results.map((row) => integer(row, "hour"));
  // The hour may turn between the two reads.
  const current = Math.floor(nowMs / HOUR_MS);
  const hours = [...new Set([current + 1, current, ...open])];
  const newest = hours.slice(0, HOURS_A_BATCH);
  const [tallyRows, outboxRow, waitingRow, ...newestRows] = await db.batch<Row>([
    db.prepare(READ_TALLIES),
    db.prepare(COUNT_OUTBOX),
    db.prepare(COUNT_WAITING),
    ...newest.map((hour) => countHour(db, hour)),
  ]);
  const counted = new Map(newest.map((hour, index) => [hour, parseOutcomes(newestRows[index]?.results[0] ?? {})]));
  for (let start = HOURS_A_BATCH; start < hours.length; start += HOURS_A_BATCH) {
    const part = hours.slice(start, start + HOURS_A_BATCH);
    const read = await db.batch<Row>(part.map((hour) => countHour(db, hour)));
    for (const [index, hour] of part.entries()) counted.set(hour, parseOutcomes(read[index]?.results[0] ?? {}));
  }
  const tallies = (tallyRows?.results ?? []).map(parseTally);
  const pending = integer(waitingRow?.results[0] ?? {}, "waiting");
  let outcomes: Outcomes = { delivered: 0, dead: 0, pending, cancelled: 0, ignored: 0 };
  for (const { hour, counts } of tallies) if (counts !== null && !counted.has(hour)) outcomes = add(outcomes, counts);
  for (const counts of counted.values()) outcomes = add(outcomes, counts);
  await keepCounts(
    db,
    tallies.flatMap(({ hour, changes, counts: kept }) => {
      const counts = counted.get(hour);
      const isOver = (hour + 1) * HOUR_MS + SETTLED_AFTER_MS < nowMs;
      return isOver && kept === null && counts?.pending === 0 ? [{ hour, changes, counts }] : [];
    }),
  );
  const accepted = tallies.reduce((sum, tally) => sum + tally.accepted, 0);
  return { accepted, outcomes, outbox: integer(outboxRow?.results[0] ?? {}, "outbox") };
}

function countHour(db: D1Database, hour: number): D1PreparedStatement {
  const { from, to } = boundsOf(hour);
  return db.prepare(COUNT_HOUR).bind(from, to);
}

type Kept = { readonly hour: number; readonly changes: number; readonly counts: Outcomes };

const KEEP = `
  UPDATE tallies SET counts = u.value->>'counts'
  FROM json_each(?1) u WHERE tallies.hour = u.value->>'hour' AND tallies.changes = u.value->>'changes'`;

async function keepCounts(db: D1Database, settled: readonly Kept[]): Promise<void> {
  if (settled.length > 0) await db.prepare(KEEP).bind(JSON.stringify(settled)).run();
}
