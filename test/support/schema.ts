import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import schema from "../../schema.sql?raw";

const queries = schema
  .replaceAll(/--.*$/gm, "")
  .split(";")
  .map((query) => query.trim())
  .filter((query) => query !== "");

/** Brings an empty database up to schema.sql. */
export async function applySchema(): Promise<void> {
  await applyD1Migrations(env.DB, [{ name: "schema.sql", queries }]);
}
