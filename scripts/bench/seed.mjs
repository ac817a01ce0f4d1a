import { randomBytes } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createIdMinter } from "../../src/model/ids.ts";

// Makes a million events by copying one that the gateway made, together with every row of every table that contains the
// event's id. Each copy gets another id and another time. What the rollups counted before is forgotten, so that maintenance
// counts all events as it would have done in the month.

const PREFIX_LENGTH = "evt_".length;
const TIME_MARGIN_MS = 600_000;

/** The file of the database that a gateway left in a folder. @param {string} state */
export function findDatabase(state) {
  const files = readdirSync(state, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sqlite") && name.includes("D1"))
    .map((name) => join(state, name))
    .toSorted((a, b) => statSync(b).size - statSync(a).size);
  const [largest] = files.filter((file) => !file.endsWith("metadata.sqlite"));
  if (largest === undefined) throw new Error(`There is no database in ${state}.`);
  return largest;
}

/**
 * A text with placeholders for an id and a time.
 * @param {string} text
 * @param {string} id what stands where the gaps of the one kind are to be
 * @param {string} time the same of the other
 * @returns {(newId: string, newTime: string) => string}
 */
export function fillable(text, id, time) {
  const parts = text.split(id).map((part) => part.split(time));
  return (newId, newTime) => parts.map((part) => part.join(newTime)).join(newId);
}

/** @typedef {string | number | bigint | null | Uint8Array} Cell */

/**
 * @param {Cell} cell
 * @param {string} id
 * @param {string} time
 * @param {number} at
 * @returns {(newId: string, newTime: string, ms: number) => Cell}
 */
function cellMaker(cell, id, time, at) {
  if (typeof cell === "string") {
    // Only the time of receipt changes. Nothing sorts by the other times, such as those of attempts.
    return fillable(cell, id, time);
  }
  if (typeof cell === "number" && Math.abs(cell - at) < TIME_MARGIN_MS) return (_id, _time, ms) => ms + cell - at;
  return () => cell;
}

/** @param {DatabaseSync} db @param {string} id */
function rowsThatName(db, id) {
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'",
    )
    .all()
    .map(({ name }) => String(name));
  return tables.flatMap((table) => {
    const columns = db
      .prepare(`PRAGMA table_info("${table}")`)
      .all()
      .map(({ name }) => String(name));
    const where = columns.map((column) => `instr(CAST("${column}" AS TEXT), ?1) > 0`).join(" OR ");
    const rows = db.prepare(`SELECT * FROM "${table}" WHERE ${where}`).all(id);
    return rows.map((row) => ({ table, columns, row }));
  });
}

/**
 * Returns the rows to insert for a copy of an event.
 * @param {DatabaseSync} db
 * @param {Record<string, unknown>} event
 */
function copierOf(db, { id: eventId, received_at }) {
  const id = String(eventId).slice(PREFIX_LENGTH);
  const time = String(received_at);
  const at = Date.parse(time);
  const copies = rowsThatName(db, id).map(({ table, columns, row }) => {
    const names = columns.map((column) => `"${column}"`).join(", ");
    return {
      insert: db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => "?").join(", ")})`),
      cells: columns.map((column) => cellMaker(row[column] ?? null, id, time, at)),
    };
  });
  return (/** @type {string} */ newId, /** @type {string} */ newTime, /** @type {number} */ ms) => {
    for (const { insert, cells } of copies) insert.run(...cells.map((cell) => cell(newId, newTime, ms)));
  };
}

/**
 * Copies the oldest event `count` times, each one step later than the last. One in `rare_every` copies the second oldest instead,
 * and one in `rarest_every` the third oldest.
 * @param {string} file
 * @param {{ count: number, from_ms: number, every_ms: number, rare_every?: number, rarest_every?: number, templates?: number, keeps_counts?: boolean }} times
 * With `templates`, that many events are copied in turn instead of the oldest one. With `keeps_counts`, what the rollups have counted stays.
 */
export function seed(
  file,
  { count, from_ms, every_ms, rare_every = Infinity, rarest_every = Infinity, templates = 1, keeps_counts = false },
) {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA synchronous = OFF");
  const events = db.prepare("SELECT id, received_at FROM events ORDER BY id LIMIT ?").all(Math.max(3, templates));
  const copiers = events.map((event) => copierOf(db, event));
  const [copy, copyRare = copy, copyRarest = copyRare] = copiers;
  if (copy === undefined || copyRare === undefined || copyRarest === undefined)
    throw new Error("There is no event to copy.");
  let now = from_ms;
  const mint = createIdMinter(
    () => now,
    (length) => randomBytes(length),
  );
  db.exec("BEGIN");
  for (let index = 0; index < count; index++) {
    now = Math.floor(from_ms + index * every_ms);
    const id = mint("evt").id.slice(PREFIX_LENGTH);
    const copyNow =
      index % rarest_every === 2
        ? copyRarest
        : index % rare_every === 1
          ? copyRare
          : (copiers[index % templates] ?? copy);
    copyNow(id, new Date(now).toISOString(), now);
  }
  if (!keeps_counts) db.exec("DELETE FROM rollups");
  db.exec("DELETE FROM maintenance_tasks WHERE task = 'rollup'");
  db.exec("COMMIT");
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}
