import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn } from "../rows.ts";

// The chain of the segments of a shard: how many there were, and the hash that the last one ended it with. It outlives the segments. Its
// row is the lease of the mover, too.

/** The task whose row has the chain. */
export const MOVE_TASK = "segments";

/** `sequence` counts all segments that there ever were. `head` is "" before the first one. */
export type Chain = { readonly sequence: number; readonly head: string };

const START: Chain = { sequence: 0, head: "" };

type Position = { readonly chain?: readonly [sequence: number, head: string] };

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

/** Returns the chain of a shard. */
export async function readChain(db: ShardDatabase): Promise<Chain> {
  return parseChain(
    await db.prepare(`SELECT position FROM maintenance_tasks WHERE task = '${MOVE_TASK}'`).first<Row>(),
  );
}

/** Holds while the chain ends with `?1` (SQL for its parameter). */
export function chainEndsWith(parameter: string): string {
  return `COALESCE((SELECT position->'chain'->>1 FROM maintenance_tasks WHERE task = '${MOVE_TASK}'), '') = ${parameter}`;
}

/** The statement that appends the segment `?1` to the chain, if it was inserted. */
export const APPEND_TO_CHAIN = `
  UPDATE maintenance_tasks SET position = json_set(position, '$.chain', json_array(s.sequence, s.chained))
  FROM segments s WHERE s.id = ?1 AND maintenance_tasks.task = '${MOVE_TASK}'`;
