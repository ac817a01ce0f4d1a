import { gunzip, gzip } from "../gzip.ts";
import { type Row, fromColumn, text } from "../rows.ts";
import { SegmentError } from "./errors.ts";
import { SALT_BYTES, hashOfText, rootOf } from "./hashes.ts";
import { type SegmentHead, type StoredHeads, headOf, packHeads, unpackHeads } from "./heads.ts";

// The object of a segment: [block 0 … block n-1][tail][length of the tail: 4 bytes][magic: 4 bytes].
//
// A block is gzip of a JSON list with an entry for each event: [salt, ...values of the row], or [hash, id] for an event that was erased.
// The tail is gzip of JSON: the columns, where each block is, the root, and the heads. So one event is read with two ranges: the tail,
// whose place the segment's row in D1 names, and a block. The last 8 bytes say the same to a reader without that row.

/** The columns of `events` in the order of an entry. An event with a pending delivery never moves, so `rescue_at` is always NULL. */
export const SEGMENT_COLUMNS = [
  "id",
  "integration_id",
  "type",
  "outcome",
  "alert_id",
  "received_at",
  "version",
  "deliveries",
  "grouped",
  "weight",
  "alert",
  "content",
  "accepted_as",
] as const;

const VERSION = 1;
const MAGIC = "HGS1";
const TRAILER_BYTES = 8;
/** A block has about so many rows and characters at most. A longer row has a block of its own. */
const MAX_BLOCK_ROWS = 64;
const MAX_BLOCK_CHARACTERS = 256_000;

/** An event of a segment: its row with its salt, or the hash that an erased event left. */
export type SegmentEntry =
  | { readonly kind: "row"; readonly salt: Uint8Array; readonly row: Row }
  | { readonly kind: "hash"; readonly hash: Uint8Array; readonly id: string };

/** A block: where it is in the object, its first and last event, and how many it has. */
export type SegmentBlock = {
  readonly offset: number;
  readonly length: number;
  readonly from_id: string;
  readonly to_id: string;
  readonly events: number;
};

/** What the tail of a segment says. `heads` has no erased events. */
export type SegmentTail = {
  readonly columns: readonly string[];
  readonly blocks: readonly SegmentBlock[];
  readonly heads: readonly SegmentHead[];
  readonly root: string;
};

/** A segment as it is stored. */
export type EncodedSegment = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tail_offset: number;
  readonly tail_length: number;
  readonly root: string;
  readonly heads: readonly SegmentHead[];
};

type StoredBlock = readonly [offset: number, length: number, from_id: string, to_id: string, events: number];
type StoredTail = {
  readonly v: number;
  readonly columns: readonly string[];
  readonly blocks: readonly StoredBlock[];
  /** The places of erased events, which have no head. */
  readonly erased: readonly number[];
  readonly heads: StoredHeads;
  readonly root: string;
};
type StoredEntry = readonly [secret: string, ...values: unknown[]];

export function idOfEntry(entry: SegmentEntry): string {
  return entry.kind === "row" ? text(entry.row, "id") : entry.id;
}

function valuesOf(row: Row, columns: readonly string[]): unknown[] {
  return columns.map((column) => row[column] ?? null);
}

/** Returns the values of a row as its hash takes them: JSON, in the order of the segment's columns. */
export function textOfRow(row: Row, columns: readonly string[]): string {
  return JSON.stringify(valuesOf(row, columns));
}

/** Returns the hash of an entry. */
export async function hashOfEntry(
  entry: SegmentEntry,
  columns: readonly string[] = SEGMENT_COLUMNS,
): Promise<Uint8Array> {
  return entry.kind === "hash" ? entry.hash : await hashOfText(entry.salt, textOfRow(entry.row, columns));
}

function packEntry(entry: SegmentEntry): StoredEntry {
  if (entry.kind === "hash") return [entry.hash.toBase64(), entry.id];
  return [entry.salt.toBase64(), ...valuesOf(entry.row, SEGMENT_COLUMNS)];
}

/** Returns a salt for each of so many rows. */
export function randomSalts(count: number): Uint8Array[] {
  return Array.from({ length: count }, () => crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
}

type Packed = { readonly entry: SegmentEntry; readonly text: string };

function inBlocks(entries: readonly SegmentEntry[]): Packed[][] {
  const blocks: Packed[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const packed = { entry, text: JSON.stringify(packEntry(entry)) };
    const last = blocks.at(-1);
    if (
      last === undefined ||
      last.length === MAX_BLOCK_ROWS ||
      characters + packed.text.length > MAX_BLOCK_CHARACTERS
    ) {
      blocks.push([packed]);
      characters = packed.text.length;
    } else {
      last.push(packed);
      characters += packed.text.length;
    }
  }
  return blocks;
}

function trailerOf(tailLength: number): Uint8Array {
  const trailer = new Uint8Array(TRAILER_BYTES);
  new DataView(trailer.buffer).setUint32(0, tailLength);
  trailer.set(new TextEncoder().encode(MAGIC), TRAILER_BYTES - MAGIC.length);
  return trailer;
}

/** Encodes a segment. The entries must be in the order of their ids, and at least one. */
export async function encodeSegment(entries: readonly SegmentEntry[]): Promise<EncodedSegment> {
  const parts: Uint8Array[] = [];
  const blocks: StoredBlock[] = [];
  const heads: SegmentHead[] = [];
  const erased: number[] = [];
  let offset = 0;
  let place = 0;
  for (const [number, block] of inBlocks(entries).entries()) {
    const packed = await gzip(`[${block.map((each) => each.text).join(",")}]`);
    const ids = block.map(({ entry }) => idOfEntry(entry));
    blocks.push([offset, packed.length, ids[0] ?? "", ids.at(-1) ?? "", block.length]);
    for (const { entry } of block) {
      if (entry.kind === "row") heads.push(headOf(entry.row, number));
      else erased.push(place);
      place += 1;
    }
    parts.push(packed);
    offset += packed.length;
  }
  const root = await rootOf(await Promise.all(entries.map((entry) => hashOfEntry(entry))));
  const stored: StoredTail = { v: VERSION, columns: SEGMENT_COLUMNS, blocks, erased, heads: packHeads(heads), root };
  const tail = await gzip(JSON.stringify(stored));
  parts.push(tail, trailerOf(tail.length));
  const bytes = new Uint8Array(offset + tail.length + TRAILER_BYTES);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, tail_offset: offset, tail_length: tail.length, root, heads };
}

async function parseJson<T>(key: string, bytes: Uint8Array): Promise<T> {
  try {
    return fromColumn<T>({ json: await gunzip(bytes) }, "json");
  } catch {
    throw new SegmentError("damaged", key, "a part of it cannot be decompressed");
  }
}

/** Returns where the tail of an object is, by its last bytes. Throws a SegmentError if these are not the end of a segment. */
export function placeOfTail(
  key: string,
  size: number,
  end: Uint8Array,
): { readonly offset: number; readonly length: number } {
  const trailer = end.slice(-TRAILER_BYTES);
  if (trailer.length < TRAILER_BYTES || new TextDecoder().decode(trailer.slice(4)) !== MAGIC) {
    throw new SegmentError("damaged", key, "it does not end as a segment does");
  }
  const length = new DataView(trailer.buffer, trailer.byteOffset).getUint32(0);
  const offset = size - TRAILER_BYTES - length;
  if (offset < 0) throw new SegmentError("damaged", key, "it is shorter than its tail");
  return { offset, length };
}

/** Parses the tail of a segment. Throws a SegmentError if it is damaged. `key` names the object in errors. */
export async function parseTail(key: string, bytes: Uint8Array): Promise<SegmentTail> {
  const stored = await parseJson<StoredTail>(key, bytes);
  if (stored.v !== VERSION) throw new SegmentError("damaged", key, `its format is ${String(stored.v)}`);
  try {
    const erased = new Set(stored.erased);
    const blocks = stored.blocks.map(([offset, length, from_id, to_id, events]) => ({
      offset,
      length,
      from_id,
      to_id,
      events,
    }));
    const numbers = blocks
      .flatMap(({ events }, number) => Array.from({ length: events }, () => number))
      .filter((_, place) => !erased.has(place));
    const heads = unpackHeads(stored.heads, (place) => numbers[place] ?? 0);
    if (heads.length !== numbers.length) throw new Error("The blocks have other events.");
    return { columns: stored.columns, blocks, heads, root: stored.root };
  } catch {
    throw new SegmentError("damaged", key, "its heads do not fit together");
  }
}

/** Parses a block of a segment. Throws a SegmentError if it is damaged. */
export async function parseBlock(
  key: string,
  columns: readonly string[],
  block: SegmentBlock,
  bytes: Uint8Array,
): Promise<SegmentEntry[]> {
  const stored = await parseJson<readonly StoredEntry[]>(key, bytes);
  if (stored.length !== block.events) {
    throw new SegmentError("damaged", key, "a block has another number of events");
  }
  return stored.map(([secret, ...values]): SegmentEntry => {
    const decoded = Uint8Array.fromBase64(secret);
    const [id] = values;
    if (values.length === 1 && typeof id === "string") return { kind: "hash", hash: decoded, id };
    const row = Object.fromEntries(columns.map((column, place) => [column, values[place] ?? null]));
    return { kind: "row", salt: decoded, row: { ...row, rescue_at: null } };
  });
}
