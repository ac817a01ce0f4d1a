import type { ShardDatabase } from "../../platform/shards.ts";
import type { Outcomes } from "../../model/reconciliation.ts";
import { type Row, fromColumn, integer, text } from "../rows.ts";
import type { TaskCursors } from "./maintenance-tasks.ts";
import { addOutcomes, isLongOver, parseCold, parseOutcomes, storeCounts } from "./reconciliation.ts";
import { HOUR_MS, OUTCOME_COLUMNS, WATERMARK, boundsOf } from "./rollups.ts";

// An hour with a pending delivery is never final, and a destination can be dead for days. So these hours are counted in turn, a
// bounded number of events a run, and keep their outcomes until the next turn. Deliveries that have moved from one outcome to
// another since do not unbalance them; whatever changes the number of deliveries drops the outcomes of the hour.

/** How far the recount is. `hour` is counted through the event `through`. */
export type Recount = {
  readonly hour: number;
  readonly changes: number;
  readonly through: string;
  readonly counts: Outcomes;
};

/** What one run counts, at most. An hour takes about four calls. */
export type RecountLimits = { readonly max_events: number; readonly max_hours: number };

/** The hour that was counted last, and the one that is being counted. */
export type RecountState = { readonly last_hour: number | null; readonly current: Recount | null };

// Retention changes the oldest hours each minute, so that their count may not be stored: they take their turn with the others.
const NEXT_DROPPED = `
  SELECT hour, changes, cold FROM rollups WHERE counts IS NULL AND hour < ?1 AND hour > (SELECT MIN(hour) + 1 FROM rollups)
  ORDER BY hour DESC LIMIT 1`;
const NEXT_OPEN = `
  SELECT hour, changes, cold FROM rollups WHERE (counts IS NULL OR counts->>'is_open' = 1) AND hour < MIN(?1, ?2)
  ORDER BY hour DESC LIMIT 1`;

// The pass adds events above the watermark to what the hour holds.
const COUNT_EVENTS = `
  SELECT COUNT(*) AS seen, COALESCE(MAX(e.id), '') AS last, ${OUTCOME_COLUMNS}
  FROM (
    SELECT id, outcome, deliveries, grouped, weight FROM events WHERE id > ?1 AND id < ?2 AND id <= ${WATERMARK} ORDER BY id LIMIT ?3) e`;

/** The number of events that one query counts. D1 takes some 40 µs for each, and runs one query at a time. */
const MAX_QUERY_EVENTS = 20_000;

/** Returns a text that sorts before an id, and after all ids of earlier times. */
function justBelow(id: string): string {
  return id.slice(0, -1);
}

async function nextHour(db: ShardDatabase, current: number, lastHour: number | null): Promise<Recount | null> {
  const [dropped, open] = await db.batch<Row>([
    db.prepare(NEXT_DROPPED).bind(current),
    db.prepare(NEXT_OPEN).bind(current, lastHour ?? current),
  ]);
  const row = dropped?.results[0] ?? open?.results[0];
  if (row === undefined) return null;
  const hour = integer(row, "hour");
  // A move of events changes the hour, so that what is counted of it before is not stored.
  return { hour, changes: integer(row, "changes"), through: justBelow(boundsOf(hour).from), counts: parseCold(row) };
}

/**
 * Counts the outcomes of hours that are over and not final, within the limits, from the hour before the one
 * that was counted last. Returns how far it came.
 */
export async function recount(
  db: ShardDatabase,
  nowMs: number,
  state: RecountState,
  { max_events, max_hours }: RecountLimits,
): Promise<RecountState> {
  const present = Math.floor(nowMs / HOUR_MS);
  let { last_hour, current } = state;
  let left = max_events;
  while (left > 0) {
    current ??= await nextHour(db, present, last_hour);
    // After the oldest hour, the next run starts with the newest again.
    if (current === null) return { last_hour: null, current: null };
    const limit = Math.min(left, MAX_QUERY_EVENTS);
    const { results } = await db
      .prepare(COUNT_EVENTS)
      .bind(current.through, boundsOf(current.hour).to, limit)
      .all<Row>();
    const [row = {}] = results;
    const { hour, changes } = current;
    const counts = addOutcomes(current.counts, parseOutcomes(row));
    // An hour with few events still costs its queries.
    left -= Math.max(integer(row, "seen"), Math.ceil(max_events / max_hours));
    if (integer(row, "seen") === limit) {
      current = { hour, changes, through: text(row, "last"), counts };
      continue;
    }
    const isDone = counts.pending === 0 && isLongOver(hour, nowMs);
    await storeCounts(db, [{ hour, changes, counts: isDone ? counts : { ...counts, is_open: 1 } }]);
    last_hour = hour;
    current = null;
  }
  return { last_hour, current };
}

/** Returns the state that a task's cursors hold. */
export function parseRecount({ recount: stored }: TaskCursors): RecountState {
  const [state] = stored ?? [];
  return state === undefined ? { last_hour: null, current: null } : fromColumn<RecountState>({ state }, "state");
}

/** Returns the state as cursors of a task. */
export function recountCursors(state: RecountState): TaskCursors {
  return { recount: [JSON.stringify(state)] };
}
