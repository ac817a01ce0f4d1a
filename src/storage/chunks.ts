import { MAX_UTF8_BYTES_PER_CHARACTER } from "../platform/limits.ts";
import { packBatches } from "../platform/queues.ts";

/** D1 takes at most 2 MB in one parameter. */
const MAX_BYTES = 1_800_000;

/** Returns a list as JSON arrays, each small enough for one parameter. An item above that size gets an array of its own. */
export function jsonChunks(items: readonly unknown[]): string[] {
  const texts = items.map((item) => JSON.stringify(item));
  const chunks = packBatches(texts, {
    maxCount: Number.POSITIVE_INFINITY,
    maxBytes: MAX_BYTES,
    bytesOf: (text) => (text.length + 1) * MAX_UTF8_BYTES_PER_CHARACTER,
  });
  return chunks.map((chunk) => `[${chunk.join(",")}]`);
}
