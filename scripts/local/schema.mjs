import { createHash } from "node:crypto";
import { StartError } from "./start-error.mjs";

/**
 * Gives an empty database its tables, together with a mark of the schema that made them, in one transaction.
 * A database with another mark is a StartError: its tables are not those that the code expects.
 * @param {Awaited<ReturnType<import("miniflare").Miniflare["getD1Database"]>>} db
 * @param {string[]} tables the statements of schema.sql
 */
export async function applySchema(db, tables) {
  const hash = createHash("sha256").update(tables.join(";\n")).digest("hex");
  const mark = await db.prepare("SELECT name FROM sqlite_master WHERE name = 'local_schema'").first();
  if (mark === null) {
    await db.batch([
      ...tables.map((statement) => db.prepare(statement)),
      db.prepare("CREATE TABLE local_schema (hash TEXT NOT NULL)"),
      db.prepare("INSERT INTO local_schema (hash) VALUES (?)").bind(hash),
    ]);
    return;
  }
  if ((await db.prepare("SELECT hash FROM local_schema").first("hash")) !== hash) {
    throw new StartError(
      "The local database was made from another schema.sql than the one here. Rebuild it, which empties it:\n\n" +
        "  npm start -- --reset      (with the same --persist-to, if you gave one)\n",
    );
  }
}
