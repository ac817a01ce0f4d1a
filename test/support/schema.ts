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
