import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, integer } from "../rows.ts";

/** A statement that is yet to run, for those who pass them on without knowing SQL. */
export type Statement = D1PreparedStatement;

/** The number that every change of configuration raises. */
export async function readRevision(db: PrimaryDatabase): Promise<number> {
  return parseRevision(await db.prepare("SELECT revision FROM config_revision WHERE id = 1").first<Row>());
}

export function parseRevision(row: Row | null): number {
  if (row === null) throw new Error("The table config_revision holds no row.");
  return integer(row, "revision");
}

/** Runs statements, all or nothing. */
export async function runTogether(db: PrimaryDatabase, statements: readonly D1PreparedStatement[]): Promise<void> {
  await db.batch([...statements]);
}

/** Runs statements that change the configuration and raises its revision, all or nothing; answers their results. */
export async function changeConfiguration(
  db: PrimaryDatabase,
  statements: readonly D1PreparedStatement[],
): Promise<readonly D1Result<Row>[]> {
  const raise = db.prepare("UPDATE config_revision SET revision = revision + 1 WHERE id = 1");
  const results = await db.batch<Row>([...statements, raise]);
  return results.slice(0, statements.length);
}
