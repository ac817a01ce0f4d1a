import { createHash, randomBytes } from "node:crypto";
import { on } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { fillable } from "../seed.mjs";

// A thread that encodes segments with the gateway's own code. Each event is a copy of one that the gateway made, with another id and time.

/** @typedef {import("../seed-cold.mjs").Job} Job */

// The Node of this checkout lacks what workerd has, and its digests are slow one by one.
Object.assign(Uint8Array.prototype, {
  /** @this {Uint8Array} */
  toBase64() {
    return Buffer.from(this.buffer, this.byteOffset, this.length).toString("base64");
  },
  /** @this {Uint8Array} */
  toHex() {
    return Buffer.from(this.buffer, this.byteOffset, this.length).toString("hex");
  },
});
crypto.subtle.digest = async (_algorithm, data) =>
  new Uint8Array(createHash("sha256").update(/** @type {Uint8Array} */ (data)).digest()).buffer;

const { createIdMinter, segmentIdOf } = await import("../../../src/model/ids.ts");
const { SEGMENT_COLUMNS, encodeSegment, randomSalts } = await import("../../../src/storage/segments/format.ts");
const { alertsOf, countHeads } = await import("../../../src/storage/segments/counts.ts");
const { hoursOfHeads } = await import("../../../src/storage/segments/cold-counts.ts");

const PREFIX_LENGTH = "evt_".length;
const RANDOM_BYTES = 10;

/** @param {Record<string, any>} row */
function copierOf(row) {
  const id = String(row["id"]).slice(PREFIX_LENGTH);
  const cells = SEGMENT_COLUMNS.map((column) => {
    const cell = row[column] ?? null;
    return typeof cell === "string" ? fillable(cell, id, String(row["received_at"])) : () => cell;
  });
  return (/** @type {string} */ newId, /** @type {string} */ time) =>
    Object.fromEntries(SEGMENT_COLUMNS.map((column, place) => [column, cells[place]?.(newId, time) ?? null]));
}

/** @type {{ common: Record<string, unknown>[], rare: Record<string, unknown>, rare_every: number }} */
const { common, rare, rare_every } = workerData;
const copiers = common.map(copierOf);
const copyRare = copierOf(rare);

/** @param {Job} job */
async function encode({ first, count, from_ms, every_ms }) {
  let now = from_ms;
  const mint = createIdMinter(
    () => now,
    (length) => randomBytes(length),
  );
  const rows = Array.from({ length: count }, (_, index) => {
    now = Math.floor(from_ms + index * every_ms);
    const copy = (first + index) % rare_every === 1 ? copyRare : copiers[(first + index) % copiers.length];
    return copy?.(mint("evt").id.slice(PREFIX_LENGTH), new Date(now).toISOString()) ?? {};
  });
  const salts = randomSalts(count);
  const entries = rows.map((row, place) => ({
    kind: /** @type {const} */ ("row"),
    salt: salts[place] ?? randomBytes(1),
    row,
  }));
  const { bytes, tail_offset, tail_length, root, heads } = await encodeSegment(entries);
  const [from_id, to_id] = [String(rows[0]?.["id"]), String(rows.at(-1)?.["id"])];
  return {
    bytes,
    row: {
      id: segmentIdOf(to_id, randomBytes(RANDOM_BYTES)),
      from_id,
      to_id,
      events: count,
      tail_offset,
      tail_length,
      root,
      created_at: new Date().toISOString(),
      hours: hoursOfHeads(heads),
      counts: JSON.stringify(countHeads(heads)),
      alerts: alertsOf(heads),
    },
  };
}

for await (const [job] of parentPort === null ? [] : on(parentPort, "message")) {
  const encoded = await encode(job);
  parentPort?.postMessage(encoded, [encoded.bytes.buffer]);
}
