import { createHash } from "node:crypto";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";

// Writes segments as the gateway does, but without the events having been in the database: the objects, their rows with the chain, and
// the counts of their hours.

/** @typedef {{ first: number, count: number, from_ms: number, every_ms: number }} Job what one segment holds */
/** @typedef {Record<string, number[]>} Hours */
/** @typedef {{ id: string, from_id: string, to_id: string, events: number, tail_offset: number, tail_length: number, root: string,
 *   created_at: string, hours: Hours, counts: string, alerts: string | null }} SegmentRow */
/** @typedef {{ size: number, row: SegmentRow }} Written */

const SEGMENT_EVENTS = 2_000;
const MAX_THREADS = 4;

const COLUMNS = `id, from_id, to_id, object_key, events, bytes, tail_offset, tail_length, sequence, root, previous, chained, created_at, hours,
  counts, alerts`;
const INSERT = `
  INSERT INTO segments (${COLUMNS}, version, removed)
  SELECT ${COLUMNS.replaceAll(/\w+/g, (name) => `?1->>'${name}'`)}, 1, '[]'`;
const STORE_CHAIN = `
  INSERT INTO maintenance_tasks (task, next_at, position) VALUES ('segments', 0, json_object('chain', json_array(?1, ?2)))
  ON CONFLICT (task) DO UPDATE SET position = excluded.position`;
const ADD_HOUR = `
  INSERT INTO rollups (hour, accepted, changes, cold)
  VALUES (?1, ?2 + ?3 + ?4 + ?5, 1, json_object('delivered', ?2, 'dead', ?3, 'cancelled', ?4, 'ignored', ?5))`;

/** @param {string} previous @param {string} id @param {string} root */
function chainedTo(previous, id, root) {
  return createHash("sha256")
    .update(Buffer.from(previous, "hex"))
    .update(id)
    .update(Buffer.from(root, "hex"))
    .digest("hex");
}

/** The rows to copy: those of the usual integration, and one of the rare one. @param {any} db @param {string} rare the integration's id */
async function templatesOf(db, rare) {
  const read = async (/** @type {string} */ where) =>
    (await db.prepare(`SELECT * FROM events WHERE ${where} LIMIT 200`).bind(rare).all()).results;
  const [common, [first]] = [await read("integration_id <> ?"), await read("integration_id = ?")];
  if (common.length === 0 || first === undefined) throw new Error("There is no event to copy.");
  return { common, rare: first };
}

/**
 * Writes the rows of segments, and the counts of their hours, into the database that a gateway left.
 * @param {string} file
 * @param {readonly Written[]} written in the order of their events
 */
export function writeSegmentRows(file, written) {
  const db = new DatabaseSync(file);
  db.exec("BEGIN");
  /** @type {Map<string, number[]>} */
  const hours = new Map();
  const insert = db.prepare(INSERT);
  let chain = "";
  for (const [place, { size, row }] of written.entries()) {
    const previous = chain;
    chain = chainedTo(previous, row.id, row.root);
    const own = { object_key: objectKeyOf(row.id), bytes: size, sequence: place + 1, previous, chained: chain };
    insert.run(JSON.stringify({ ...row, ...own }));
    for (const [hour, counted] of Object.entries(row.hours)) {
      const sum = hours.get(hour) ?? [0, 0, 0, 0];
      hours.set(
        hour,
        sum.map((each, kind) => each + (counted[kind] ?? 0)),
      );
    }
  }
  const add = db.prepare(ADD_HOUR);
  for (const [hour, counted] of hours) add.run(Number(hour), ...counted);
  db.prepare(STORE_CHAIN).run(written.length, chain);
  db.exec("COMMIT");
  db.close();
}

/** @param {string} id */
function objectKeyOf(id) {
  return `segments/0/${id}`;
}

/**
 * Writes events to segments, each one step later than the last, until \`count\` are written or the time is over. Returns their number and
 * the bytes of the objects.
 * @param {import("./gateway.mjs").Gateway} gateway
 * @param {{ count: number, from_ms: number, every_ms: number, rare: string, rare_every: number, until_ms: number }} what
 */
export async function seedCold(gateway, { count, from_ms, every_ms, rare, rare_every, until_ms }) {
  const db = await gateway.miniflare.getD1Database("DB");
  const bucket = await gateway.miniflare.getR2Bucket("BODIES");
  const workerData = { ...(await templatesOf(db, rare)), rare_every };
  /** @type {Map<number, Written>} */
  const written = new Map();
  const jobs = Math.ceil(count / SEGMENT_EVENTS);
  let next = 0;
  const write = async () => {
    const thread = new Worker(new URL("workers/cold-writer.mjs", import.meta.url), { workerData });
    while (next < jobs && Date.now() < until_ms) {
      const place = next++;
      const first = place * SEGMENT_EVENTS;
      const size = Math.min(SEGMENT_EVENTS, count - first);
      const done = once(thread, "message");
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
      thread.postMessage({ first, count: size, from_ms: from_ms + first * every_ms, every_ms });
      const [{ bytes, row }] = await done;
      await bucket.put(objectKeyOf(row.id), bytes);
      written.set(place, { size: bytes.length, row });
    }
    await thread.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(MAX_THREADS, availableParallelism(), jobs) }, write));
  return [...written].toSorted(([a], [b]) => a - b).map(([, each]) => each);
}
