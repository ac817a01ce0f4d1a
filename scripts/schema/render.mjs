import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const NAME = /^\d{4}_[a-z0-9_]+\.sql$/;
const HEAD = `-- Generated from migrations/ by \`npm run schema\`: what all migrations together make. Do not edit: write a migration
-- (CONTRIBUTING.md, "Change the schema").
`;

/**
 * The names of the migrations in a folder, in the order in which they apply. Throws an Error if a name is out of pattern
 * or a number is missing or repeated.
 * @param {string} folder
 */
export function migrationNames(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
  for (const [index, name] of names.entries()) {
    if (!NAME.test(name) || Number(name.slice(0, 4)) !== index + 1) {
      throw new Error(`${name} must be named ${String(index + 1).padStart(4, "0")}_what_it_does.sql.`);
    }
  }
  return names;
}

/** @param {DatabaseSync} db @param {string} table */
function rowsOf(db, table) {
  return db
    .prepare(`SELECT * FROM "${table}"`)
    .all()
    .map((row) => {
      const cells = Object.values(row).map((cell) =>
        typeof cell === "string" ? `'${cell.replaceAll("'", "''")}'` : cell,
      );
      return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${cells.map((cell) => cell ?? "NULL").join(", ")});\n`;
    });
}

/**
 * The text of schema.sql: each table with its indexes and the rows that migrations put in, in the order of creation.
 * @param {string} folder the folder of the migrations
 */
export function renderSchema(folder) {
  const db = new DatabaseSync(":memory:");
  for (const name of migrationNames(folder)) db.exec(readFileSync(join(folder, name), "utf8"));
  const objects = db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL").all();
  const tables = objects.filter(({ type, name }) => type === "table" && !String(name).startsWith("sqlite_"));
  const parts = tables.map((table) => {
    const others = objects.filter(({ type, tbl_name }) => type !== "table" && tbl_name === table["name"]);
    return (
      [table, ...others].map(({ sql }) => `${String(sql)};\n`).join("") + rowsOf(db, String(table["name"])).join("")
    );
  });
  db.close();
  return [HEAD, ...parts].join("\n");
}

/**
 * The SHA-256 of each migration in a folder, by its name.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
export function checksumsOf(folder) {
  const hash = (/** @type {string} */ name) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n"))
      .digest("hex");
  return Object.fromEntries(migrationNames(folder).map((name) => [name, hash(name)]));
}
