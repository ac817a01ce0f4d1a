import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { forgetContext } from "../../src/context.ts";
import schema from "../../schema.sql?raw";

const queries = schema
  .replaceAll(/--.*$/gm, "")
  .split(";")
  .map((query) => query.trim())
  .filter((query) => query !== "");

/** Brings an empty database up to schema.sql. */
export async function applySchema(db: D1Database = env.DB): Promise<void> {
  await applyD1Migrations(db, [{ name: "schema.sql", queries }]);
}

/** Begins anew within a test: an empty database, and an isolate that knows nothing of the one before. */
export async function startOver(): Promise<void> {
  await reset();
  forgetContext();
  await applySchema();
}
