import type { ShardDatabase } from "../../platform/shards.ts";
import { lowestIdAt, replaySuffixOf } from "../../model/ids.ts";
import { REPLAYABLE_STATUSES, REPLAY_STATES, type Replay, type ReplayFilter } from "../../model/replay.ts";
import { ERASED_COLUMN } from "./erase.ts";
import { eventsWith } from "./events-with.ts";
import type { Statement } from "../config/revision.ts";
import { type Row, fromColumn, integer, oneOf, text } from "../rows.ts";
import { type PageQuery, findRow, insertRow, selectPage } from "../tables.ts";

const COLUMNS = [
  "id",
  "filter",
  "status",
  "rate_per_second",
  "parts",
  "count",
  "replayed",
  "failed",
  "position",
  "step_at",
  "created_at",
  "updated_at",
] as const;

function parseReplay(row: Row): Replay {
  return {
    id: text(row, "id"),
    filter: fromColumn(row, "filter"),
    status: oneOf(row, "status", REPLAY_STATES),
    rate_per_second: integer(row, "rate_per_second"),
    count: integer(row, "count"),
    replayed: integer(row, "replayed"),
    failed: integer(row, "failed"),
    position: text(row, "position"),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

/** What a replay has to do in one shard; `parts` is in how many it is at work, which share its rate. */
export type ReplayPart = Replay & { readonly parts: number };

function parsePart(row: Row): ReplayPart {
  return { ...parseReplay(row), parts: integer(row, "parts") };
}

/** Puts a replay on record, together with what the given statements do; its first step may be taken from now on. */
export async function insertReplay(
  db: ShardDatabase,
  replay: Replay,
  alongside: readonly Statement[],
  parts = 1,
): Promise<void> {
  const step_at = Date.parse(replay.created_at);
  await db.batch([insertRow(db, "replays", COLUMNS, { ...replay, parts, step_at }), ...alongside]);
}

export async function findReplay(db: ShardDatabase, id: string): Promise<Replay | null> {
  const row = await findRow(db, "replays", id);
  return row === null ? null : parseReplay(row);
}

/** Newest first, with one more than the page's limit where there are more. */
export async function listReplays(db: ShardDatabase, page: PageQuery): Promise<Replay[]> {
  return (await selectPage(db, "replays", page)).map(parseReplay);
}

/** Replays that have a step to take by a time (ms since 1970). */
export async function readDueReplays(db: ShardDatabase, dueBefore: number, limit: number): Promise<Replay[]> {
  const query = "SELECT * FROM replays WHERE status = 'running' AND step_at <= ?1 ORDER BY id LIMIT ?2";
  const { results } = await db.prepare(query).bind(dueBefore, limit).all<Row>();
  return results.map(parseReplay);
}

/** Takes a replay's next step for oneself, until a time (ms since 1970); null where it is not due, or not running. */
export async function claimReplay(
  db: ShardDatabase,
  id: string,
  nowMs: number,
  until: number,
): Promise<ReplayPart | null> {
  const row = await db
    .prepare("UPDATE replays SET step_at = ?3 WHERE id = ?1 AND status = 'running' AND step_at <= ?2 RETURNING *")
    .bind(id, nowMs, until)
    .first<Row>();
  return row === null ? null : parsePart(row);
}

/** What a step came to. `step_at` is when the next one may be taken, in ms since 1970. */
export type ReplayStep = {
  readonly position: string;
  readonly replayed: number;
  readonly failed: number;
  readonly is_last: boolean;
  readonly step_at: number;
  readonly at: string;
};

/** Enters a step, once: whoever took the same one meanwhile has moved the position. */
export async function enterStep(db: ShardDatabase, replay: Replay, step: ReplayStep): Promise<void> {
  await db
    .prepare(
      `UPDATE replays SET position = ?3, replayed = replayed + ?4, failed = failed + ?5, step_at = ?6, updated_at = ?7,
         status = CASE WHEN ?8 AND status = 'running' THEN 'done' ELSE status END
       WHERE id = ?1 AND position = ?2`,
    )
    .bind(
      replay.id,
      replay.position,
      step.position,
      step.replayed,
      step.failed,
      step.step_at,
      step.at,
      step.is_last ? 1 : 0,
    )
    .run();
}

/** Stops a replay that is running; answers it as it now is, or null where there is none. */
export async function cancelReplay(db: ShardDatabase, id: string, at: string): Promise<Replay | null> {
  await db
    .prepare("UPDATE replays SET status = 'cancelled', updated_at = ?2 WHERE id = ?1 AND status = 'running'")
    .bind(id, at)
    .run();
  return await findReplay(db, id);
}

/** An event with this many deliveries is replayed no more: its row has to stay within what D1 holds. */
export const MAX_DELIVERIES = 500;

/** The next events that a replay goes through; for what is rare, by its index. */
function windowOf({ status }: ReplayFilter): string {
  const isRare = status === "dead" || status === "cancelled";
  const { from, condition } = isRare ? eventsWith(status) : { from: "events", condition: "true" };
  return `
    SELECT id, integration_id, type, deliveries, octet_length(content) AS content_bytes
    FROM ${from} WHERE id > ?1 AND id < ?2 AND ${condition} ORDER BY id LIMIT ?3`;
}

// Of an event's deliveries to one destination only the last counts: what was replayed before is represented by its replay.
// What an unfinished step of the same replay has made does not count.
const matchesOf = (filter: ReplayFilter): string => `
  FROM (${windowOf(filter)}) e, json_each(e.deliveries) d
  WHERE e.type IS NOT NULL AND e.content_bytes <> ${JSON.stringify(ERASED_COLUMN).length}
    AND json_array_length(e.deliveries) < ${MAX_DELIVERIES}
    AND (?4 IS NULL OR e.integration_id = ?4)
    AND (?5 IS NULL OR d.value->>'$.destination_id' = ?5)
    AND d.value->>'$.status' IN (SELECT value FROM json_each(?6))
    AND coalesce(d.value->>'$.reason', '') NOT IN ('superseded', 'content_erased')
    AND d.value->>'$.created_at' <= ?7 AND substr(d.value->>'$.id', -16) <> ?8
    AND d.value->>'$.destination_id' IN (SELECT value FROM json_each(?9))
    AND NOT EXISTS (
      SELECT 1 FROM json_each(e.deliveries) r
      WHERE r.key > d.key AND r.value->>'$.destination_id' = d.value->>'$.destination_id'
        AND substr(r.value->>'$.id', -16) <> ?8)`;

function lastMomentOf({ filter, created_at }: Replay): number {
  return Math.min(Date.parse(created_at), filter.to === null ? Number.POSITIVE_INFINITY : Date.parse(filter.to));
}

/** The position of a replay that is through with everything that came before its first event. */
export function startOf(filter: ReplayFilter): string {
  return filter.from === null ? "" : lowestIdAt("evt", Math.max(0, Date.parse(filter.from)));
}

/** Ids of the destinations that take deliveries now: they are not of the shard that is looked through. */
export type EnabledIds = readonly string[];

function bindingsOf(
  replay: Replay,
  enabled: EnabledIds,
  after: string,
  events: number,
): readonly (string | number | null)[] {
  const { filter } = replay;
  return [
    after,
    lowestIdAt("evt", Math.max(0, lastMomentOf(replay) + 1)),
    events,
    filter.integration_id,
    filter.destination_id,
    JSON.stringify(filter.status === null ? REPLAYABLE_STATUSES : [filter.status]),
    replay.created_at,
    replaySuffixOf(replay.id),
    JSON.stringify(enabled),
  ];
}

/** How many events one query of a count goes through. */
const COUNTED_EVENTS = 5_000;

/** How many deliveries a replay is to make in a shard. */
export async function countMatches(db: ShardDatabase, replay: Replay, enabled: EnabledIds): Promise<number> {
  let count = 0;
  let after: string | null = replay.position;
  while (after !== null) {
    const bindings = bindingsOf(replay, enabled, after, COUNTED_EVENTS);
    const [window, matches] = await db.batch<Row>([
      db
        .prepare(`SELECT MAX(id) AS last, COUNT(*) AS seen FROM (${windowOf(replay.filter)})`)
        .bind(...bindings.slice(0, 3)),
      db.prepare(`SELECT COUNT(*) AS matching ${matchesOf(replay.filter)}`).bind(...bindings),
    ]);
    const [seen] = window?.results ?? [];
    const [found] = matches?.results ?? [];
    count += found === undefined ? 0 : integer(found, "matching");
    after = seen !== undefined && integer(seen, "seen") === COUNTED_EVENTS ? text(seen, "last") : null;
  }
  return count;
}

/** A delivery that a replay is to repeat. */
export type Match = { readonly event_id: string; readonly delivery_id: string };

/** What a replay finds next, and how far it then is. `is_last`: nothing follows. */
export type Matches = { readonly found: readonly Match[]; readonly through: string; readonly is_last: boolean };

/** How many events a replay looks at together, and how many of them it takes. */
const WINDOW_EVENTS = 1_000;
const PAGE_EVENTS = 50;

/** The deliveries that a replay is to repeat next, of some events. */
export async function readMatches(db: ShardDatabase, replay: Replay, enabled: EnabledIds): Promise<Matches> {
  const bindings = bindingsOf(replay, enabled, replay.position, WINDOW_EVENTS);
  const [window, matches] = await db.batch<Row>([
    db
      .prepare(`SELECT MAX(id) AS last, COUNT(*) AS seen FROM (${windowOf(replay.filter)})`)
      .bind(...bindings.slice(0, 3)),
    db
      .prepare(
        `WITH found AS (SELECT e.id AS event_id, d.value->>'$.id' AS delivery_id ${matchesOf(replay.filter)})
         SELECT * FROM found WHERE event_id IN (SELECT DISTINCT event_id FROM found ORDER BY event_id LIMIT ${PAGE_EVENTS})`,
      )
      .bind(...bindings),
  ]);
  const found = (matches?.results ?? []).map((row) => ({
    event_id: text(row, "event_id"),
    delivery_id: text(row, "delivery_id"),
  }));
  const [seen] = window?.results ?? [];
  if (seen === undefined || integer(seen, "seen") === 0) return { found, through: replay.position, is_last: true };
  const events = [...new Set(found.map((match) => match.event_id))].toSorted();
  const last = events.at(-1);
  // With a full page there may be more in the same window.
  if (events.length === PAGE_EVENTS && last !== undefined) return { found, through: last, is_last: false };
  return { found, through: text(seen, "last"), is_last: integer(seen, "seen") < WINDOW_EVENTS };
}
