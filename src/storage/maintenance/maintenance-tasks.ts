import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn } from "../rows.ts";

const CLAIM = `
  INSERT INTO maintenance_tasks (task, next_at, position) VALUES (?1, ?3, '{}')
  ON CONFLICT (task) DO UPDATE SET next_at = excluded.next_at WHERE maintenance_tasks.next_at <= ?2
  RETURNING position`;

/** The cursor of a task for each table: the primary key of the last row it read. */
export type Positions = Readonly<Record<string, readonly string[]>>;

/** Takes a task for oneself until a time (ms since 1970), if it is due; answers how far it is, or null where it is not due. */
export async function claimTask(
  db: ShardDatabase,
  task: string,
  nowMs: number,
  until: number,
): Promise<Positions | null> {
  const row = await db.prepare(CLAIM).bind(task, nowMs, until).first<Row>();
  return row === null ? null : fromColumn<Positions>(row, "position");
}

/** Writes down how far a task is. */
export async function keepPositions(db: ShardDatabase, task: string, positions: Positions): Promise<void> {
  await db
    .prepare("UPDATE maintenance_tasks SET position = ?2 WHERE task = ?1")
    .bind(task, JSON.stringify(positions))
    .run();
}
