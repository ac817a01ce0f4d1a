import type { ArrivedNumbers, NumberRange } from "../../model/acceptance.ts";
import { type GapState, NO_GAPS } from "../../model/gaps.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { cursorAtTime } from "../events/log.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, text, textOrNull } from "../rows.ts";
import type { NumbersItem } from "./accepted-numbers.ts";
import { type LastEvents, READ_LAST_EVENTS, mergeLastEvents, parseLastEvents } from "./last-events.ts";
import { WATERMARK } from "./rollups.ts";

// The state of the search for gaps is one row of maintenance_tasks. A reading takes the numbers that have arrived since.

/** The task whose row has the state. */
const TASK = "acceptance";
/** The time before the first reading from which on events are read, in ms: no earlier event has a number. */
const FIRST_READING_MS = 86_400_000;
/** What one reading takes, at most. */
const MAX_EVENTS = 25_000;
const MAX_ROWS = 500;
const MAX_ROW_CHARACTERS = 8_000_000;

/** The stored state. Events through the id `through` have been read; `version` is incremented by each change. */
export type StoredGaps = {
  readonly version: number;
  readonly through: string;
  readonly gaps: GapState;
  /** When each integration last received an event; absent in a state of an earlier version. */
  readonly seen?: LastEvents;
};

const STATE = `(SELECT position FROM maintenance_tasks WHERE task = '${TASK}')`;

/** Returns what is missing, as of the last run of maintenance. */
export async function readGaps(db: ShardDatabase): Promise<GapState> {
  const row = (await db.prepare(`SELECT ${STATE} AS position`).first<Row>()) ?? {};
  return fromColumnOrNull<StoredGaps>(row, "position")?.gaps ?? NO_GAPS;
}

const READ_STATE = `SELECT ${STATE} AS position, ${WATERMARK} AS watermark`;

/** SQL for the end of a reading. */
const END = `COALESCE((SELECT id FROM events WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT 1 OFFSET ${MAX_EVENTS - 1}), ?2)`;

// The bare columns are those of the row with the highest `sure`. Events without a number are a group of their own.
const READ_EVENTS = `
  SELECT n->>0 AS isolate, json_group_array(n->1) AS numbers, MAX(COALESCE(n->>2, 0)) AS sure, n->>3 AS refused, received_at,
    ${END} AS through
  FROM (SELECT accepted_as AS n, received_at FROM events WHERE id > ?1 AND id <= ${END})
  GROUP BY 1`;

const READ_ROWS = `
  SELECT id, numbers FROM (
    SELECT id, numbers, SUM(LENGTH(numbers)) OVER (ORDER BY id) - LENGTH(numbers) AS characters_before
    FROM (SELECT id, numbers FROM accepted_numbers ORDER BY id LIMIT ${MAX_ROWS}))
  WHERE characters_before < ${MAX_ROW_CHARACTERS}`;

/** Numbers that arrived since the state was stored. */
export type NewNumbers = {
  readonly stored: StoredGaps;
  readonly arrived: readonly ArrivedNumbers[];
  /** The id of the last event that was read, and whether any was. */
  readonly through: string;
  readonly has_events: boolean;
  /** The latest event of each integration among those that were read. */
  readonly seen: LastEvents;
  /** The rows that were read. */
  readonly row_ids: readonly string[];
  /** Whether there is no more to read. */
  readonly is_whole: boolean;
};

function parseEvents(rows: readonly Row[]): ArrivedNumbers[] {
  return rows.flatMap((row) => {
    const isolate = textOrNull(row, "isolate");
    if (isolate === null) return [];
    const refused = fromColumnOrNull<readonly NumberRange[]>(row, "refused") ?? [];
    const at_ms = Date.parse(text(row, "received_at"));
    return [{ isolate, numbers: fromColumn<number[]>(row, "numbers"), sure: integer(row, "sure"), refused, at_ms }];
  });
}

function parseRows(rows: readonly Row[]): ArrivedNumbers[] {
  return rows.flatMap((row) =>
    fromColumn<NumbersItem[]>(row, "numbers").map(([isolate, numbers, sure, refused, at_ms]) => ({
      isolate,
      numbers,
      sure,
      refused: refused ?? [],
      at_ms,
    })),
  );
}

/** The calls of a reading and of `storeGaps` together. */
export const CALLS_PER_READING = 6;

/** Reads numbers of events through the watermark, and numbers that have a row, as many as one reading takes. */
export async function readNewNumbers(db: ShardDatabase, nowMs: number): Promise<NewNumbers> {
  const first: StoredGaps = { version: 0, through: cursorAtTime(nowMs - FIRST_READING_MS).id, gaps: NO_GAPS };
  const state = (await db.prepare(READ_STATE).first<Row>()) ?? {};
  const stored = fromColumnOrNull<StoredGaps>(state, "position") ?? first;
  const watermark = text(state, "watermark");
  const end = watermark > stored.through ? watermark : stored.through;
  const [events, rows, seen] = await db.batch<Row>([
    db.prepare(READ_EVENTS).bind(stored.through, end),
    db.prepare(READ_ROWS),
    // A state without times of events begins with the newest ones, however old they are.
    db.prepare(READ_LAST_EVENTS).bind(stored.seen === undefined ? "" : stored.through, end, MAX_EVENTS),
  ]);
  const ofEvents = events?.results ?? [];
  const ofRows = rows?.results ?? [];
  const [anyEvent] = ofEvents;
  const through = anyEvent === undefined ? end : text(anyEvent, "through");
  return {
    stored,
    arrived: [...parseEvents(ofEvents), ...parseRows(ofRows)],
    through,
    has_events: ofEvents.length > 0,
    seen: parseLastEvents(seen?.results ?? []),
    row_ids: ofRows.map((row) => text(row, "id")),
    is_whole: through === end && ofRows.length === 0,
  };
}

const AT_VERSION = `COALESCE((SELECT position->>'version' FROM maintenance_tasks WHERE task = '${TASK}'), 0) = ?2`;
const DELETE_READ = `DELETE FROM accepted_numbers WHERE id IN (SELECT value FROM json_each(?1)) AND ${AT_VERSION}`;
const STORE_STATE = `
  INSERT INTO maintenance_tasks (task, next_at, position) SELECT '${TASK}', 0, ?1 WHERE ${AT_VERSION}
  ON CONFLICT (task) DO UPDATE SET position = excluded.position`;

/** Stores the state with the numbers that were read, unless another run has stored one since. */
export async function storeGaps(
  db: ShardDatabase,
  { stored: { version, seen: known = {} }, through, row_ids, seen }: NewNumbers,
  gaps: GapState,
): Promise<void> {
  const state: StoredGaps = { version: version + 1, through, gaps, seen: mergeLastEvents(known, seen) };
  // The rows first: the version changes with the state.
  const deleted = row_ids.length === 0 ? [] : [db.prepare(DELETE_READ).bind(JSON.stringify(row_ids), version)];
  await db.batch([...deleted, db.prepare(STORE_STATE).bind(JSON.stringify(state), version)]);
}
