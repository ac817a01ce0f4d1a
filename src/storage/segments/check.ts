import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { Row } from "../rows.ts";
import { SegmentError } from "./errors.ts";
import { hashOfEntry } from "./format.ts";
import { chainedTo, rootOf } from "./hashes.ts";
import { readBlocks, readTail } from "./reader.ts";
import { type Segment, parseSegment } from "./segment-rows.ts";

const NEXT = "SELECT * FROM segments WHERE sequence > ?1 ORDER BY sequence LIMIT 2";

/** A segment to check, and the one after it in the chain. */
export type ToCheck = { readonly segment: Segment; readonly next: Segment | null };

/** Returns the first segment after a place of the chain, or null if there is none. */
export async function nextToCheck(db: ShardDatabase, after: number): Promise<ToCheck | null> {
  const { results } = await db.prepare(NEXT).bind(after).all<Row>();
  const [segment, next = null] = results.map(parseSegment);
  return segment === undefined ? null : { segment, next };
}

/** Reads all of a segment and computes its root. Returns what is wrong, or null. Throws if R2 cannot be read. */
export async function checkSegment({ bodies }: EventStores, { segment, next }: ToCheck): Promise<string | null> {
  const { id, root, previous, chained, sequence } = segment;
  if ((await chainedTo(previous, id, root)) !== chained) return "Its row does not continue the chain.";
  if (next !== null && next.sequence === sequence + 1 && next.previous !== chained) {
    return "The next segment does not continue its chain.";
  }
  try {
    const { blocks, columns } = await readTail(bodies, segment);
    const hashes: Uint8Array[] = [];
    for (const number of blocks.keys()) {
      const entries = await readBlocks(bodies, segment, [number]);
      for (const entry of entries) hashes.push(await hashOfEntry(entry, columns));
    }
    return (await rootOf(hashes)) === root ? null : "Its events do not have the root that was written.";
  } catch (error) {
    if (error instanceof SegmentError) return error.message;
    throw error;
  }
}
