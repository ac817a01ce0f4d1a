import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn } from "../rows.ts";

const CLAIM = `
  INSERT INTO maintenance_tasks (task, next_at, position) VALUES (?1, ?3, '{}')
  ON CONFLICT (task) DO UPDATE SET next_at = excluded.next_at WHERE maintenance_tasks.next_at <= ?2
  RETURNING position`;

/** The cursors of a task, by table: the primary key of the last row that it read. */
export type TaskCursors = Readonly<Record<string, readonly string[]>>;

/** Claims a task until `untilMs` (ms since 1970). Returns its cursors, or null if it is not due. */
export async function claimTask(
  db: ShardDatabase,
  task: string,
  nowMs: number,
  untilMs: number,
): Promise<TaskCursors | null> {
  const row = await db.prepare(CLAIM).bind(task, nowMs, untilMs).first<Row>();
  return row === null ? null : fromColumn<TaskCursors>(row, "position");
}

/** Stores the cursors of a task. */
export async function storeCursors(db: ShardDatabase, task: string, cursors: TaskCursors): Promise<void> {
  await db
    .prepare("UPDATE maintenance_tasks SET position = ?2 WHERE task = ?1")
    .bind(task, JSON.stringify(cursors))
    .run();
}
