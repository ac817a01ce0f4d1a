import type { ShardDatabase } from "../../platform/shards.ts";
import { timeOf } from "../../model/ids.ts";
import type { Outcomes } from "../../model/reconciliation.ts";
import { deliveryCount, statusCount } from "../events/deliveries-column.ts";
import { cursorAtTime } from "../events/log.ts";
import { type Row, fromColumnOrNull, integer, textOrNull } from "../rows.ts";

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

const TASK = "rollup";
/** The event that all have been counted through to; what is newer counts as it stands. */
const COUNTED_THROUGH = `COALESCE((SELECT position->'events'->>0 FROM maintenance_tasks WHERE task = '${TASK}'), '')`;
/** A group's own event adds nothing by itself, for its members do; what is added to it later counts at once. */
const IS_GROUPS_OWN = "e.type IS 'event.group'";
const OWED_OF_ROW = owed(deliveryCount("e"), "e.grouped");

/**
 * Counts events `u` as accepted that come on record later than their hour was counted; the others are counted by and by, for
 * a row of its own with each event would cost as much as the event. Takes a JSON list of {id, hour, type, memberships,
 * integration_id, at} with how many `deliveries` each has; to be run before they are written.
 */
export function rollupLate(grouped: string): string {
  return `
  INSERT INTO rollups (hour, accepted)
  SELECT u.value->>'hour', SUM(CASE WHEN u.value->>'type' IS 'event.group' THEN 0
    ELSE ${owed("(u.value->>'deliveries')", grouped)} END)
  FROM json_each(?1) u
  WHERE u.value->>'id' <= ${COUNTED_THROUGH} AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id')
  GROUP BY 1 HAVING true ${ADD}`;
}

/** Counts what changes of events `u` add to what is owed, before they are written. */
export function rollupChanged(grouped: string): string {
  const before = OWED_OF_ROW;
  const after = owed("json_array_length(u.value->'deliveries')", grouped);
  return `
  INSERT INTO rollups (hour, accepted)
  SELECT u.value->>'hour', SUM(((${after}) - (${before})) * e.weight)
  FROM json_each(?1) u JOIN events e ON e.id = u.value->>'id' AND e.version = u.value->>'version'
  WHERE e.id <= ${COUNTED_THROUGH} OR ${IS_GROUPS_OWN}
  GROUP BY 1 HAVING SUM(((${after}) - (${before})) * e.weight) <> 0 ${ADD}`;
}

/** How many events are counted in one transaction. */
const COUNTED_AT_ONCE = 10_000;

const STEP_END = `SELECT id FROM events WHERE id > ${COUNTED_THROUGH} AND id <= ?1 ORDER BY id LIMIT 1 OFFSET ?2`;

const COUNT_STEP = `
  INSERT INTO rollups (hour, accepted)
  SELECT unixepoch(e.received_at) / ${HOUR_MS / 1_000}, SUM(CASE WHEN ${IS_GROUPS_OWN} THEN 0 ELSE ${OWED_OF_ROW} END)
  FROM events e WHERE e.id > ${COUNTED_THROUGH} AND e.id <= ?1
  GROUP BY 1 HAVING true ${ADD}`;

const ENTER_STEP = `
  INSERT INTO maintenance_tasks (task, next_at, position) VALUES ('${TASK}', 0, json_object('events', json_array(?1)))
  ON CONFLICT (task) DO UPDATE SET position = excluded.position WHERE ${COUNTED_THROUGH} < ?1`;

/**
 * Counts what was accepted before a time (ms since 1970) and is on record; answers whether that is all. From then on what
 * becomes of it is held against the count.
 */
export async function countAccepted(
  db: ShardDatabase,
  beforeMs: number,
  atOnce: number = COUNTED_AT_ONCE,
): Promise<boolean> {
  const end = cursorAtTime(beforeMs).id;
  const stop = await db.prepare(STEP_END).bind(end, atOnce).first<string>("id");
  const through = stop ?? end;
  await db.batch([db.prepare(COUNT_STEP).bind(through), db.prepare(ENTER_STEP).bind(through)]);
  return stop === null;
}

/** Takes events that have nothing pending out of the count, before they are deleted; takes a JSON list of {id, hour}. */
export const ROLLUP_DELETED = `
  INSERT INTO rollups (hour, accepted)
  SELECT u.value->>'hour', -SUM(
    CASE WHEN e.type IS 'event.group' THEN ${deliveryCount("e")} * e.weight
    ELSE (${owed(deliveryCount("e"), "0")}) * e.weight - (e.grouped > 0 AND ${deliveryCount("e")} = 0) END)
  FROM json_each(?1) u JOIN events e ON e.id = u.value->>'id' AND e.rescue_at IS NULL
  WHERE e.id <= ${COUNTED_THROUGH}
  GROUP BY 1 HAVING true ${ADD}`;

/** Drops hours of which nothing is left, after events were deleted; takes a JSON list of {hour, from, to}, the ids' bounds. */
export const DROP_EMPTY = `
  DELETE FROM rollups WHERE accepted = 0 AND hour IN (
    SELECT u.value->>'hour' FROM json_each(?1) u
    WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id >= u.value->>'from' AND e.id < u.value->>'to'))`;

/** An hour with the ids that count in it: from the first on, up to the second. */
export function boundsOf(hour: number): { readonly hour: number; readonly from: string; readonly to: string } {
  return { hour, from: cursorAtTime(hour * HOUR_MS).id, to: cursorAtTime((hour + 1) * HOUR_MS).id };
}

/** Has hours counted anew, because something that was finished is open again. */
export const RECOUNT = `
  UPDATE rollups SET counts = NULL, changes = changes + 1
  WHERE hour IN (SELECT value->>'hour' FROM json_each(?1))`;

/** The same for events `u` that were corrected, where their hours are over; mostly they are not. */
export const RECOUNT_CORRECTED = `
  UPDATE rollups SET counts = NULL, changes = changes + 1
  WHERE (counts IS NOT NULL OR hour < unixepoch() / ${HOUR_MS / 1_000} - ${SETTLED_AFTER_MS / HOUR_MS})
    AND hour IN (SELECT value->>'hour' FROM json_each(?1))`;

const COUNT_NEWEST = `
  SELECT COALESCE(SUM(${OWED_OF_ROW}), 0) AS accepted
  FROM events e WHERE e.id > ${COUNTED_THROUGH} AND NOT ${IS_GROUPS_OWN}`;

// An event that is on record is counted by its row; the outbox may still hold it.
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

/** What was accepted, as the rollups say, and for the newest events the events themselves; and what has become of it, as the events say. */
export type Audit = { readonly accepted: number; readonly outcomes: Outcomes; readonly outbox: number };

type Rollup = {
  readonly hour: number;
  readonly accepted: number;
  readonly changes: number;
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

/** How often everything is counted again where an hour was opened meanwhile. */
const MAX_LOOKS = 5;

/** Hours that are counted in one transaction, so that a long history is not one query. */
const HOURS_A_BATCH = 40;

/**
 * Counts everything. Hours that are long over and have nothing pending are counted once, and remembered. The newest hours are
 * read in one transaction with the rollups, so that what happens meanwhile does not look like an imbalance.
 */
export async function audit(db: ShardDatabase, nowMs: number): Promise<Audit> {
  for (let look = 1; ; look++) {
    const { isWhole, ...counted } = await auditOnce(db, nowMs);
    if (isWhole || look === MAX_LOOKS) return counted;
  }
}

/** `isWhole`: no hour was opened again between looking for those that are open and counting them. */
async function auditOnce(db: ShardDatabase, nowMs: number): Promise<Audit & { readonly isWhole: boolean }> {
  const hours = await hoursToCount(db, nowMs);
  const newest = hours.slice(0, HOURS_A_BATCH);
  const [rollupRows, newestRow, outboxRow, waitingRow, ...newestRows] = await db.batch<Row>([
    db.prepare(READ_ROLLUPS),
    db.prepare(COUNT_NEWEST),
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
  const rollups = (rollupRows?.results ?? []).map(parseRollup);
  const pending = integer(waitingRow?.results[0] ?? {}, "waiting");
  let outcomes: Outcomes = { delivered: 0, dead: 0, pending, cancelled: 0, ignored: 0 };
  for (const { hour, counts } of rollups) if (counts !== null && !counted.has(hour)) outcomes = add(outcomes, counts);
  for (const counts of counted.values()) outcomes = add(outcomes, counts);
  await keepCounts(
    db,
    rollups.flatMap(({ hour, changes, counts: kept }) => {
      const counts = counted.get(hour);
      const isOver = (hour + 1) * HOUR_MS + SETTLED_AFTER_MS < nowMs;
      return isOver && kept === null && counts?.pending === 0 ? [{ hour, changes, counts }] : [];
    }),
  );
  const newestAccepted = integer(newestRow?.results[0] ?? {}, "accepted");
  const accepted = rollups.reduce((sum, rollup) => sum + rollup.accepted, newestAccepted);
  const isWhole = rollups.every(({ hour, counts }) => counts !== null || counted.has(hour));
  return { isWhole, accepted, outcomes, outbox: integer(outboxRow?.results[0] ?? {}, "outbox") };
}

const READ_OPEN = "SELECT hour FROM rollups WHERE counts IS NULL ORDER BY hour DESC";
const READ_UNCOUNTED_FROM = `SELECT COALESCE(NULLIF(${COUNTED_THROUGH}, ''), (SELECT MIN(id) FROM events)) AS id`;

/** The hours that are not remembered, newest first: those that are open, and all since the last that was counted up to. */
async function hoursToCount(db: ShardDatabase, nowMs: number): Promise<number[]> {
  const [open, uncounted] = await db.batch<Row>([db.prepare(READ_OPEN), db.prepare(READ_UNCOUNTED_FROM)]);
  const current = Math.floor(nowMs / HOUR_MS);
  const id = textOrNull(uncounted?.results[0] ?? {}, "id") ?? "";
  const first = id === "" ? current : Math.min(current, hourOf(id));
  // The hour may turn before they are counted.
  const latest = Array.from({ length: current - first + 2 }, (_, index) => current + 1 - index);
  return [...new Set([...latest, ...(open?.results ?? []).map((row) => integer(row, "hour"))])];
}

function countHour(db: ShardDatabase, hour: number): D1PreparedStatement {
  const { from, to } = boundsOf(hour);
  return db.prepare(COUNT_HOUR).bind(from, to);
}

type Kept = { readonly hour: number; readonly changes: number; readonly counts: Outcomes };

const KEEP = `
  UPDATE rollups SET counts = u.value->>'counts'
  FROM json_each(?1) u WHERE rollups.hour = u.value->>'hour' AND rollups.changes = u.value->>'changes'`;

async function keepCounts(db: ShardDatabase, settled: readonly Kept[]): Promise<void> {
  if (settled.length > 0) await db.prepare(KEEP).bind(JSON.stringify(settled)).run();
}
