import { LruMap } from "../../platform/lru.ts";
import { type Row, text } from "../rows.ts";
import { SegmentError } from "./errors.ts";
import { type SegmentBlock, type SegmentEntry, type SegmentTail, idOfEntry, parseBlock, parseTail } from "./format.ts";
import type { SegmentHead } from "./heads.ts";
import type { Segment } from "./segment-rows.ts";

// Reads the objects of segments: the tail in one call, and then a call for each run of blocks. Objects never change, and a segment that
// is written anew has another key, so an isolate keeps tails.

/** Heads of this many events and deliveries are kept by an isolate: some 10 MB. */
const MAX_KEPT = 30_000;

function weightOf({ heads, blocks }: SegmentTail): number {
  return heads.reduce((sum, { deliveries }) => sum + 1 + deliveries.length, blocks.length);
}

const tails = new LruMap<string, SegmentTail>({ max: MAX_KEPT, weightOf: (_key, tail) => weightOf(tail) });

async function readRange(bodies: R2Bucket, key: string, offset: number, length: number): Promise<Uint8Array> {
  const object = await bodies.get(key, { range: { offset, length } });
  if (object === null) throw new SegmentError("missing", key, "there is no such object");
  const bytes = new Uint8Array(await object.arrayBuffer());
  if (bytes.length !== length) throw new SegmentError("damaged", key, "it is too short");
  return bytes;
}

/** Reads the tail of a segment: one call, or none if the isolate has it. Throws a SegmentError if it is missing or damaged. */
export async function readTail(bodies: R2Bucket, segment: Segment): Promise<SegmentTail> {
  const { object_key: key, tail_offset, tail_length } = segment;
  const known = tails.get(key);
  if (known !== undefined) return known;
  const tail = await parseTail(key, await readRange(bodies, key, tail_offset, tail_length));
  tails.set(key, tail);
  return tail;
}

/** Forgets a tail, because its object is gone. */
export function forgetTail(key: string): void {
  tails.delete(key);
}

/** Returns the heads of the events that are a segment's, oldest first: one call at most. */
export async function readHeads(bodies: R2Bucket, segment: Segment): Promise<readonly SegmentHead[]> {
  const { heads } = await readTail(bodies, segment);
  return segment.removed.size === 0 ? heads : heads.filter(({ id }) => !segment.removed.has(id));
}

/** Blocks that are read with one call have at most this many bytes between them: R2 bills calls, and a call takes longer than the bytes. */
const MAX_GAP_BYTES = 1_000_000;

/** Returns runs of blocks that lie close together, so that each run takes one call. */
function inRuns(blocks: readonly SegmentBlock[]): SegmentBlock[][] {
  const runs: SegmentBlock[][] = [];
  for (const block of blocks) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && block.offset - (last.offset + last.length) <= MAX_GAP_BYTES) runs.at(-1)?.push(block);
    else runs.push([block]);
  }
  return runs;
}

/** Reads blocks of a segment, by their numbers in ascending order. Returns all of their entries, removed events too. */
export async function readBlocks(
  bodies: R2Bucket,
  segment: Segment,
  numbers: readonly number[],
): Promise<SegmentEntry[]> {
  const { object_key: key } = segment;
  const tail = await readTail(bodies, segment);
  const wanted = numbers.flatMap((number) => tail.blocks[number] ?? []);
  const entries: SegmentEntry[] = [];
  for (const run of inRuns(wanted)) {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined) continue;
    const bytes = await readRange(bodies, key, first.offset, last.offset + last.length - first.offset);
    for (const block of run) {
      const start = block.offset - first.offset;
      entries.push(...(await parseBlock(key, tail.columns, block, bytes.subarray(start, start + block.length))));
    }
  }
  return entries;
}

/** The numbers of the blocks that have these events, in ascending order. */
function blocksOf(heads: readonly SegmentHead[], ids: ReadonlySet<string>): number[] {
  return [...new Set(heads.flatMap(({ id, block }) => (ids.has(id) ? block : [])))].toSorted((a, b) => a - b);
}

/** Returns the rows of those of the events that are a segment's, oldest first, as `events` had them. */
export async function readRows(bodies: R2Bucket, segment: Segment, ids: readonly string[]): Promise<Row[]> {
  const wanted = new Set(ids.filter((id) => !segment.removed.has(id)));
  const numbers = blocksOf(await readHeads(bodies, segment), wanted);
  if (numbers.length === 0) return [];
  const entries = await readBlocks(bodies, segment, numbers);
  return entries.flatMap((entry) => (entry.kind === "row" && wanted.has(idOfEntry(entry)) ? [entry.row] : []));
}

/** Returns the rows of one block that are a segment's, oldest first: for searches that read block after block. */
export async function readBlockRows(bodies: R2Bucket, segment: Segment, number: number): Promise<Row[]> {
  const entries = await readBlocks(bodies, segment, [number]);
  return entries.flatMap((entry) =>
    entry.kind === "row" && !segment.removed.has(text(entry.row, "id")) ? [entry.row] : [],
  );
}
