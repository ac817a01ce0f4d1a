import type { ShardDatabase } from "../../platform/shards.ts";
import {
  REPLAY_STATES,
  type Replay,
  type StoredReplayFilter,
  parseReplayFilter,
  storedReplayFilter,
} from "../../model/replay.ts";
import type { Statement } from "../config/revision.ts";
import { type Row, fromColumn, integer, oneOf, text } from "../rows.ts";
import { type PageQuery, findRow, insertRow, selectPage } from "../tables.ts";

// Bulk replays and their progress. The deliveries that they repeat are read in events/replay-matches.ts.

const COLUMNS = [
  "id",
  "filter",
  "status",
  "rate_per_second",
  "parts",
  "count",
  "count_is_exact",
  "replayed",
  "failed",
  "position",
  "step_at",
  "created_at",
  "updated_at",
] as const;

function parseReplay(row: Row): Replay {
  const status = oneOf(row, "status", REPLAY_STATES);
  const made = integer(row, "replayed") + integer(row, "failed");
  return {
    id: text(row, "id"),
    filter: parseReplayFilter(fromColumn<StoredReplayFilter>(row, "filter")),
    status,
    rate_per_second: integer(row, "rate_per_second"),
    // A count that stopped early is passed by the replay itself.
    count: Math.max(integer(row, "count"), made),
    count_is_exact: integer(row, "count_is_exact") === 1 || status === "done",
    replayed: integer(row, "replayed"),
    failed: integer(row, "failed"),
    position: text(row, "position"),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

/** A replay's part in one shard. `parts` is the number of shards that share its rate. */
export type ReplayPart = Replay & { readonly parts: number };

function parsePart(row: Row): ReplayPart {
  return { ...parseReplay(row), parts: integer(row, "parts") };
}

/** Inserts a replay whose first step is due at once, in one transaction with the given statements. */
export async function insertReplay(
  db: ShardDatabase,
  replay: Replay,
  alongside: readonly Statement[],
  parts = 1,
): Promise<void> {
  const step_at = Date.parse(replay.created_at);
  const filter = storedReplayFilter(replay.filter);
  await db.batch([insertRow(db, "replays", COLUMNS, { ...replay, filter, parts, step_at }), ...alongside]);
}

export async function findReplay(db: ShardDatabase, id: string): Promise<Replay | null> {
  const row = await findRow(db, "replays", id);
  return row === null ? null : parseReplay(row);
}

/** Returns replays, newest first: one more than the page's limit if there are more. */
export async function listReplays(db: ShardDatabase, page: PageQuery): Promise<Replay[]> {
  return (await selectPage(db, "replays", page)).map(parseReplay);
}

/** Returns replays with a step that was due by `dueBefore` (ms since 1970). */
export async function readDueReplays(db: ShardDatabase, dueBefore: number, limit: number): Promise<Replay[]> {
  const query = "SELECT * FROM replays WHERE status = 'running' AND step_at <= ?1 ORDER BY id LIMIT ?2";
  const { results } = await db.prepare(query).bind(dueBefore, limit).all<Row>();
  return results.map(parseReplay);
}

/** Claims a replay's next step until `untilMs` (ms since 1970). Returns null if it is not due or not running. */
export async function claimReplay(
  db: ShardDatabase,
  id: string,
  nowMs: number,
  untilMs: number,
): Promise<ReplayPart | null> {
  const row = await db
    .prepare("UPDATE replays SET step_at = ?3 WHERE id = ?1 AND status = 'running' AND step_at <= ?2 RETURNING *")
    .bind(id, nowMs, untilMs)
    .first<Row>();
  return row === null ? null : parsePart(row);
}

/** The result of a step. `step_at` is when the next one is due, in ms since 1970. */
export type ReplayStep = {
  readonly position: string;
  readonly replayed: number;
  readonly failed: number;
  readonly is_last: boolean;
  readonly step_at: number;
  readonly at: string;
};

/** Records a step once. It writes nothing if another consumer has recorded the same step, because that moved the position. */
export async function recordStep(db: ShardDatabase, replay: Replay, step: ReplayStep): Promise<void> {
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

/** Cancels a replay if it is running. Returns the replay after that, or null if there is none with this id. */
export async function cancelReplay(db: ShardDatabase, id: string, at: string): Promise<Replay | null> {
  await db
    .prepare("UPDATE replays SET status = 'cancelled', updated_at = ?2 WHERE id = ?1 AND status = 'running'")
    .bind(id, at)
    .run();
  return await findReplay(db, id);
}
