import { type D1Migration, applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject } from "vitest";

declare module "vitest" {
  // Only an interface adds to one that is declared elsewhere.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface ProvidedContext {
    migrations: D1Migration[];
  }
}

/** The migrations in the order in which they apply. */
export const MIGRATIONS: readonly D1Migration[] = inject("migrations");

/** Applies those migrations that a database does not have yet. */
export async function applySchema(db: D1Database = env.DB, migrations = MIGRATIONS): Promise<void> {
  await applyD1Migrations(db, [...migrations]);
}

/** Drops every table of a database, as before its first migration. */
export async function dropTables(db: D1Database = env.DB): Promise<void> {
  const tables =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'";
  const { results } = await db.prepare(tables).all<{ name: string }>();
  await db.batch(results.map(({ name }) => db.prepare(`DROP TABLE ${name}`)));
}

/** Drops a column, as in a database of an earlier release. */
export async function dropColumn(table: string, column: string, db: D1Database = env.DB): Promise<void> {
  await db.prepare(`ALTER TABLE ${table} DROP COLUMN ${column}`).run();
}
