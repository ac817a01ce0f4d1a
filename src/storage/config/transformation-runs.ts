import { type LoggedRun, MAX_LOGGED_RUNS, type RunsToLog } from "../../model/transformation-run.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn } from "../rows.ts";

const ADD_RUNS = `
  INSERT INTO transformation_runs (transformation_id, runs)
  SELECT u.value->>'transformation_id', u.value->>'runs' FROM json_each(?1) u
  WHERE EXISTS (SELECT 1 FROM transformations t WHERE t.id = u.value->>'transformation_id')
  ON CONFLICT (transformation_id) DO UPDATE SET runs = (
    SELECT json_group_array(json(value)) FROM (
      SELECT value, 0 AS part, key FROM json_each(excluded.runs)
      UNION ALL
      SELECT value, 1 AS part, key FROM json_each(transformation_runs.runs)
      ORDER BY part, key LIMIT ${MAX_LOGGED_RUNS}))`;

/** Adds runs, newest first, to the logs of their transformations. Those of a transformation that is not on record are left out. */
export async function addRuns(db: PrimaryDatabase, added: readonly RunsToLog[]): Promise<void> {
  if (added.length > 0) await db.prepare(ADD_RUNS).bind(JSON.stringify(added)).run();
}

/** Returns the logged runs of a transformation, newest first. */
export async function readRuns(db: PrimaryDatabase, id: string): Promise<readonly LoggedRun[]> {
  const row = await db
    .prepare("SELECT runs FROM transformation_runs WHERE transformation_id = ?1")
    .bind(id)
    .first<Row>();
  return row === null ? [] : fromColumn<readonly LoggedRun[]>(row, "runs");
}
