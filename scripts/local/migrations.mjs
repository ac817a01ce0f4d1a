import { damagedState } from "./state.mjs";
import { StartError } from "./start-error.mjs";

// The table of wrangler, so that `wrangler d1 migrations` agrees on what is applied.
const CREATE_LOG = `
  CREATE TABLE IF NOT EXISTS d1_migrations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
  )`;

/** @typedef {{ name: string, queries: string[] }} Migration */
/** @typedef {Awaited<ReturnType<import("miniflare").Miniflare["getD1Database"]>>} Database */

/** Larger databases are not checked: the check reads every page. */
const MAX_CHECKED_BYTES = 268_435_456;

/**
 * Throws a StartError if a database cannot be read, or if a page of it is damaged.
 * @param {Database} db
 * @param {string} folder the folder that keeps the database, for messages
 */
export async function checkDatabase(db, folder) {
  try {
    const { meta } = await db.prepare("SELECT COUNT(*) AS tables FROM sqlite_master").run();
    if (meta.size_after > MAX_CHECKED_BYTES) return;
    const { results } = await db.prepare("PRAGMA quick_check(1)").all();
    const [found] = results.flatMap((row) => Object.values(row));
    if (found === "ok") return;
  } catch {
    // The message of the runtime names no file and no cause.
  }
  throw damagedState(folder, "a database cannot be read");
}

/**
 * Applies the migrations that a database does not have yet, each in one transaction with its entry in the log. Throws a
 * StartError if one fails, or if the database is from a version without migrations or has a migration that is not here.
 * @param {Database} db
 * @param {Migration[]} migrations
 * @param {string} folder the folder that keeps the database, for messages
 */
export async function applyMigrations(db, migrations, folder) {
  const reset = `npm start -- --persist-to ${folder} --reset`;
  if ((await db.prepare("SELECT name FROM sqlite_master WHERE name = 'local_schema'").first()) !== null) {
    throw new StartError(
      `The state in ${folder} is from a version before migrations and cannot be upgraded: run \`${reset}\` to delete it and start empty.`,
    );
  }
  await db.prepare(CREATE_LOG).run();
  const { results } = await db.prepare("SELECT name FROM d1_migrations ORDER BY id").all();
  const applied = new Set(results.map(({ name }) => String(name)));
  const unknown = [...applied].find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown !== undefined) {
    throw new StartError(
      `The state in ${folder} is from another version, whose migration ${unknown} is not in this checkout: start that version, or run \`${reset}\` to delete the state and start empty.`,
    );
  }
  for (const { name, queries } of migrations.filter((migration) => !applied.has(migration.name))) {
    const entry = db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name);
    try {
      await db.batch([...queries.map((query) => db.prepare(query)), entry]);
    } catch (error) {
      throw new StartError(`The migration ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
