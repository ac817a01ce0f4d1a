import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn, integer, text } from "../rows.ts";

// The chain of the segments of a shard: how many there were, and the hash that the last one ended it with. It outlives the segments. Its
// row is the lease of the mover, too.

/** The task whose row has the chain. */
const MOVE_TASK = "segments";

/** `sequence` counts all segments that there ever were. `head` is "" before the first one. */
export type Chain = { readonly sequence: number; readonly head: string };

const START: Chain = { sequence: 0, head: "" };

/** A segment that retention has deleted before an older link of the chain. Its root is kept, so that the chain can be followed. */
export type DroppedLink = readonly [sequence: number, id: string, root: string];

type Position = {
  readonly chain?: readonly [sequence: number, head: string];
  readonly dropped?: readonly DroppedLink[];
};

function parseChain(row: Row | null): Chain {
  const { chain } = row === null ? {} : fromColumn<Position>(row, "position");
  return chain === undefined ? START : { sequence: chain[0], head: chain[1] };
}

const CLAIM = `
  INSERT INTO maintenance_tasks (task, next_at, position) VALUES ('${MOVE_TASK}', ?2, '{}')
  ON CONFLICT (task) DO UPDATE SET next_at = excluded.next_at WHERE maintenance_tasks.next_at <= ?1
  RETURNING position`;

/** Takes the lease of the mover until `untilMs` (ms since 1970). Returns the chain, or null if another one moves events. */
export async function claimMove(db: ShardDatabase, nowMs: number, untilMs: number): Promise<Chain | null> {
  const row = await db.prepare(CLAIM).bind(nowMs, untilMs).first<Row>();
  return row === null ? null : parseChain(row);
}

/** Gives the lease back, if it is still the one until `untilMs`. */
export async function releaseMove(db: ShardDatabase, untilMs: number): Promise<void> {
  await db
    .prepare(`UPDATE maintenance_tasks SET next_at = 0 WHERE task = '${MOVE_TASK}' AND next_at = ?1`)
    .bind(untilMs)
    .run();
}

/** The oldest segment that is kept, as the chain has it. */
export type OldestLink = {
  readonly id: string;
  readonly sequence: number;
  readonly previous: string;
  readonly root: string;
};

/** What is published of a chain. `oldest` is null if no segment is kept. */
export type PublishedChain = Chain & {
  readonly oldest: OldestLink | null;
  readonly dropped: readonly DroppedLink[];
};

const READ_POSITION = `SELECT position FROM maintenance_tasks WHERE task = '${MOVE_TASK}'`;
const OLDEST = "SELECT id, sequence, previous, root FROM segments ORDER BY sequence LIMIT 1";

/** Returns what is published of the chain of a shard. */
export async function readPublishedChain(db: ShardDatabase): Promise<PublishedChain> {
  const [state, oldest] = await db.batch<Row>([db.prepare(READ_POSITION), db.prepare(OLDEST)]);
  const row = state?.results[0] ?? null;
  const { dropped = [] } = row === null ? {} : fromColumn<Position>(row, "position");
  const first = oldest?.results[0];
  const link =
    first === undefined
      ? null
      : {
          id: text(first, "id"),
          sequence: integer(first, "sequence"),
          previous: text(first, "previous"),
          root: text(first, "root"),
        };
  return { ...parseChain(row), oldest: link, dropped };
}

/** The links of deleted segments that are kept, at most. */
const MAX_DROPPED = 5_000;

/** The statement that keeps the link of the segment `?1`, which is deleted at version `?2`, while older segments are kept. */
export const KEEP_LINK = `
  UPDATE maintenance_tasks SET position = json_set(position, '$.dropped', (
    SELECT json_group_array(json(link)) FROM (
      SELECT link FROM (
        SELECT value AS link FROM json_each(maintenance_tasks.position, '$.dropped')
        UNION ALL SELECT json_array(s.sequence, s.id, s.root))
      WHERE link->>0 > (SELECT sequence FROM segments WHERE id <> ?1 ORDER BY sequence LIMIT 1)
      ORDER BY link->>0 DESC LIMIT ${MAX_DROPPED})))
  FROM segments s WHERE s.id = ?1 AND s.version = ?2 AND maintenance_tasks.task = '${MOVE_TASK}'`;

/** Holds while the chain ends with `?1` (SQL for its parameter). */
export function chainEndsWith(parameter: string): string {
  return `COALESCE((SELECT position->'chain'->>1 FROM maintenance_tasks WHERE task = '${MOVE_TASK}'), '') = ${parameter}`;
}

/** The statement that appends the segment `?1` to the chain, if it was inserted. */
export const APPEND_TO_CHAIN = `
  UPDATE maintenance_tasks SET position = json_set(position, '$.chain', json_array(s.sequence, s.chained))
  FROM segments s WHERE s.id = ?1 AND maintenance_tasks.task = '${MOVE_TASK}'`;
