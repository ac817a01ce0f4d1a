import type { ShardDatabase } from "../../platform/shards.ts";
import type { Outcomes } from "../../model/reconciliation.ts";
import { deliveryCount, statusCount } from "../events/deliveries-column.ts";
import { cursorAtTime } from "../events/log.ts";
import { packLoneAlerts } from "../alerts/lone-alerts.ts";
import { HOLDS_MERGED, HOLDS_OF_LIST, HOLDS_UNCHANGED, holdsOfRows } from "./hour-holds.ts";
import { HOUR_MS, ROLLUP_TASK, WATERMARK, boundsOf, hourOf } from "./hours.ts";
import { insertPartOfChange, insertPartOfLate, insertPartOfPass } from "./series-parts.ts";

// Counts by hour of receipt. `accepted` counts events × destinations; an event that no destination receives counts once. A pass
// of maintenance counts events that are about a minute old and moves the watermark. Changes of events above the watermark need no
// count, because the pass reads them as they are then. Changes below it are counted in their own transaction.

export { HOUR_MS, WATERMARK, boundsOf, hourOf };

/** Returns what an event concerns, for its hour: its integration if that is given, and its destinations. */
export function concernsOf(event: {
  readonly integration_id?: string;
  readonly deliveries: readonly { readonly destination_id: string }[];
}): readonly string[] {
  const destinations = new Set(event.deliveries.map(({ destination_id }) => destination_id));
  return event.integration_id === undefined ? [...destinations] : [event.integration_id, ...destinations];
}

/** SQL for what an event with so many deliveries and group memberships counts. */
function countOf(deliveries: string, grouped: string): string {
  return `CASE WHEN ${deliveries} = 0 AND ${grouped} = 0 THEN 1 ELSE ${deliveries} + ${grouped} END`;
}

const COUNT_OF_ROW = countOf(deliveryCount("e"), "e.grouped");

/** Holds for the event `e` of a group. It counts nothing itself, because its members do; deliveries added later count at once. */
const IS_GROUP_EVENT = "e.type IS 'event.group'";

const SUM_ACCEPTED = `SUM(CASE WHEN ${IS_GROUP_EVENT} THEN 0 ELSE ${COUNT_OF_ROW} END)`;

const IS_WITHOUT_DELIVERY = `(${deliveryCount("e")} = 0 AND e.grouped = 0)`;
/** Holds for an event whose transformation failed. It counts as dead until it is tried again. */
const IS_FAILED = "(e.outcome = 'transformation_failed')";

/** SQL for the outcomes of events `e`: an aggregate for each. */
const SUM_OUTCOMES = {
  delivered: `COALESCE(SUM(${statusCount("e", "delivered")} * e.weight), 0)`,
  dead: `(COALESCE(SUM(${statusCount("e", "dead")} * e.weight), 0) + COALESCE(SUM(${IS_WITHOUT_DELIVERY} AND ${IS_FAILED}), 0))`,
  pending: `COALESCE(SUM(${statusCount("e", "pending")} * e.weight), 0)`,
  cancelled: `COALESCE(SUM(${statusCount("e", "cancelled")} * e.weight), 0)`,
  ignored: `COALESCE(SUM(${IS_WITHOUT_DELIVERY} AND NOT ${IS_FAILED}), 0)`,
} as const satisfies Record<keyof Outcomes, string>;

/** The columns of a query for outcomes. */
export const OUTCOME_COLUMNS = Object.entries(SUM_OUTCOMES)
  .map(([name, sum]) => `${sum} AS ${name}`)
  .join(", ");

/** The query for the counts of events above the watermark by hour, as they are now: of the first `?1` events. */
export const COUNT_ABOVE_WATERMARK = `
  SELECT unixepoch(e.received_at) / ${HOUR_MS / 1_000} AS hour, ${SUM_ACCEPTED} AS accepted, ${OUTCOME_COLUMNS}
  FROM (
    SELECT id, type, outcome, received_at, deliveries, grouped, weight FROM events
    WHERE id > ${WATERMARK} ORDER BY id LIMIT ?1) e
  GROUP BY 1`;

/** A column of an hour's row. */
type RollupWriter = {
  readonly column: string;
  /** An SQL aggregate over the events `e` of one hour that a pass reads. */
  readonly value: string;
  /** SQL that adds `excluded.…` to what the row holds. */
  readonly merge: string;
};

const ACCEPTED: RollupWriter = {
  column: "accepted",
  value: SUM_ACCEPTED,
  merge: "accepted + excluded.accepted",
};

/** Returns SQL for outcomes that must be counted again, as JSON. */
function openOutcomes(valueOf: (each: readonly [name: string, sum: string]) => string): string {
  const members = Object.entries(SUM_OUTCOMES).map((each) => `'${each[0]}', ${valueOf(each)}`);
  return `json_object(${members.join(", ")}, 'is_open', 1)`;
}

// Outcomes as they were when the pass read the events. NULL stays NULL until all events of the hour are counted again.
const OUTCOMES: RollupWriter = {
  column: "counts",
  value: openOutcomes(([, sum]) => sum),
  merge: `CASE WHEN counts IS NOT NULL
    THEN ${openOutcomes(([name]) => `(counts->>'${name}') + (excluded.counts->>'${name}')`)} END`,
};

// A pass reads each event once and writes one row an hour, whatever it counts: D1 bills rows read and written. So a writer adds a
// column to the hour's row, and neither a reading nor rows of its own. Events × deliveries are read within its aggregate.
const WRITERS: readonly RollupWriter[] = [ACCEPTED, OUTCOMES];

/** Returns the clause that merges columns into an hour's row. Without `OUTCOMES`, it drops the outcomes that the row holds. */
function mergeInto(writers: readonly RollupWriter[]): string {
  const merged = writers.map(({ column, merge }) => `${column} = ${merge}`);
  const dropped = writers.includes(OUTCOMES) ? [] : ["counts = NULL"];
  return `ON CONFLICT (hour) DO UPDATE SET ${[...merged, ...dropped].join(", ")}, ${HOLDS_MERGED}, changes = changes + 1`;
}

const STEP_END = `SELECT id FROM events WHERE id > ${WATERMARK} AND id <= ?1 ORDER BY id LIMIT 1 OFFSET ?2`;

const HOUR_OF_ROW = `unixepoch(e.received_at) / ${HOUR_MS / 1_000}`;
const IN_STEP = `e.id > ${WATERMARK} AND e.id <= ?1`;

const WRITE_STEP = `
  WITH ${holdsOfRows(HOUR_OF_ROW, IN_STEP)},
    counted (hour, ${WRITERS.map(({ column }) => column).join(", ")}) AS (
      SELECT ${HOUR_OF_ROW}, ${WRITERS.map(({ value }) => value).join(", ")} FROM events e WHERE ${IN_STEP} GROUP BY 1)
  INSERT INTO rollups (hour, ${WRITERS.map(({ column }) => column).join(", ")}, holds, holds_at)
  SELECT counted.*, holds.holds, 0 FROM counted LEFT JOIN holds ON holds.hour = counted.hour
  WHERE true ${mergeInto(WRITERS)}`;

/** Counts the same events for charts, in a row of their own that maintenance adds to the others. */
const WRITE_PART = insertPartOfPass(WATERMARK);

/** Packs the lone alerts among the same events: below the watermark, packs have them. */
const PACK_LONE_ALERTS = packLoneAlerts(IN_STEP);

const MOVE_WATERMARK = `
  INSERT INTO maintenance_tasks (task, next_at, position) VALUES ('${ROLLUP_TASK}', 0, json_object('events', json_array(?1)))
  ON CONFLICT (task) DO UPDATE SET position = excluded.position WHERE ${WATERMARK} < ?1`;

/** The number of events that one step counts in one transaction. */
const MAX_STEP_EVENTS = 10_000;

/** What a step did: the number of hours that it wrote, and whether it reached the end. */
export type RollupStep = { readonly hours: number; readonly is_done: boolean };

/** Counts recorded events that were received before `beforeMs` (ms since 1970), and moves the watermark past them. */
export async function writeRollups(
  db: ShardDatabase,
  beforeMs: number,
  maxEvents: number = MAX_STEP_EVENTS,
): Promise<RollupStep> {
  const end = cursorAtTime(beforeMs).id;
  const stop = await db.prepare(STEP_END).bind(end, maxEvents).first<string>("id");
  const through = stop ?? end;
  const [written] = await db.batch([
    db.prepare(WRITE_STEP).bind(through),
    db.prepare(WRITE_PART).bind(through),
    db.prepare(PACK_LONE_ALERTS).bind(through),
    db.prepare(MOVE_WATERMARK).bind(through),
  ]);
  return { hours: written?.meta.changes ?? 0, is_done: stop === null };
}

/**
 * Returns the statement that counts new events `u` at or below the watermark: late ones. It runs before they are inserted, and
 * takes a JSON list of {id, hour, type, memberships, integration_id, at, deliveries: number, concerns}. All other events are counted by
 * the pass: a counter written with each event would double its cost. `grouped` is an SQL expression.
 */
export function rollupLate(grouped: string): string {
  return `
  INSERT INTO rollups (hour, accepted, holds, holds_at)
  SELECT u.value->>'hour', SUM(CASE WHEN u.value->>'type' IS 'event.group' THEN 0
    ELSE ${countOf("(u.value->>'deliveries')", grouped)} END), ${HOLDS_OF_LIST}, 0
  FROM json_each(?1) u
  WHERE u.value->>'id' <= ${WATERMARK} AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id')
  GROUP BY 1 HAVING true ${mergeInto([ACCEPTED])}`;
}

/**
 * Returns the statement that counts what changes of events `u` add, at or below the watermark. It runs before they are written,
 * and takes a JSON list of changed rows with `hour` and `concerns`. An hour that has no row may hold other events. `grouped` is an SQL expression for the value after the change.
 */
export function rollupChanged(grouped: string): string {
  const before = COUNT_OF_ROW;
  const after = countOf("json_array_length(u.value->'deliveries')", grouped);
  return `
  INSERT INTO rollups (hour, accepted, holds, holds_at)
  SELECT u.value->>'hour', SUM(((${after}) - (${before})) * e.weight), ${HOLDS_OF_LIST}, NULL
  FROM json_each(?1) u JOIN events e ON e.id = u.value->>'id' AND e.version = u.value->>'version'
  WHERE e.id <= ${WATERMARK} OR ${IS_GROUP_EVENT}
  GROUP BY 1 HAVING SUM(((${after}) - (${before})) * e.weight) <> 0
    OR SUM(json_array_length(u.value->'deliveries') <> ${deliveryCount("e")}) > 0 ${mergeInto([ACCEPTED])}`;
}

/** The statement that counts new events `u` at or below the watermark for charts, before they are inserted. Takes a JSON list of `TalliedEvent`. */
export const TALLY_LATE = insertPartOfLate(WATERMARK);
/** The statement that counts changes of events `u` at or below the watermark for charts, before they are written. Takes the same. */
export const TALLY_CHANGED = insertPartOfChange(WATERMARK);

const DELETED_OUTCOMES = Object.entries(SUM_OUTCOMES).map(([name, sum]) => `'${name}', -${sum}`);
const WITHOUT_DELETED = Object.keys(SUM_OUTCOMES).map(
  (name) => `'$.${name}', (counts->>'${name}') + (excluded.counts->>'${name}')`,
);

/**
 * The statement that subtracts events with nothing pending, and their outcomes, before they are deleted. Outcomes that are
 * final stay final. Takes a JSON list of {id, hour}.
 */
export const ROLLUP_DELETED = `
  INSERT INTO rollups (hour, accepted, counts)
  SELECT u.value->>'hour', -SUM(
    CASE WHEN e.type IS 'event.group' THEN ${deliveryCount("e")} * e.weight
    ELSE (${countOf(deliveryCount("e"), "0")}) * e.weight - (e.grouped > 0 AND ${deliveryCount("e")} = 0) END),
    json_object(${DELETED_OUTCOMES.join(", ")})
  FROM json_each(?1) u JOIN events e ON e.id = u.value->>'id' AND e.rescue_at IS NULL
  WHERE e.id <= ${WATERMARK}
  GROUP BY 1 HAVING true
  ON CONFLICT (hour) DO UPDATE SET accepted = accepted + excluded.accepted, changes = changes + 1, ${HOLDS_UNCHANGED},
    counts = CASE WHEN counts IS NOT NULL THEN json_set(counts, ${WITHOUT_DELETED.join(", ")}) END`;

/** Holds for hours of which no event is in a segment. */
const HAS_NO_COLD = `COALESCE(
    (cold->>'delivered') + (cold->>'dead') + (cold->>'cancelled') + (cold->>'ignored'), 0) = 0`;

/** The statement that deletes hours without events or counts, after events were deleted. Takes a JSON list of `boundsOf`. */
export const DELETE_EMPTY_HOURS = `
  DELETE FROM rollups WHERE accepted = 0 AND ${HAS_NO_COLD} AND hour IN (
    SELECT u.value->>'hour' FROM json_each(?1) u
    WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.id >= u.value->>'from' AND e.id < u.value->>'to'))`;

/** The statement that drops the stored outcomes of hours in which a finished delivery is open again. Takes a JSON list of {hour}. */
export const REOPEN_HOURS = `
  UPDATE rollups SET counts = NULL, changes = changes + 1, ${HOLDS_UNCHANGED}
  WHERE hour IN (SELECT value->>'hour' FROM json_each(?1))`;

/** The outcomes of an hour are counted again until it has been over for this long, in ms; then they are stored. */
export const FINAL_AFTER_MS = 2 * HOUR_MS;

/** As `REOPEN_HOURS`, for corrected events. Their hours are mostly not over, and are then not written. */
export const REOPEN_CORRECTED_HOURS = `
  UPDATE rollups SET counts = NULL, changes = changes + 1, ${HOLDS_UNCHANGED}
  WHERE ((counts IS NOT NULL AND counts->>'is_open' IS NULL) OR hour < unixepoch() / ${HOUR_MS / 1_000} - ${FINAL_AFTER_MS / HOUR_MS})
    AND hour IN (SELECT value->>'hour' FROM json_each(?1))`;
