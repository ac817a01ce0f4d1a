import type { SeriesCounts } from "../../model/series.ts";
import { gunzip, gzip } from "../gzip.ts";
import { fromColumn } from "../rows.ts";

const PREFIX = "gzip:";
/** Shorter texts are stored as they are, in characters. */
const MIN_PACKED = 2_000;

/** Returns counts as a row stores them: JSON, compressed if it is long. */
export async function packCounts(counts: SeriesCounts): Promise<string> {
  const text = JSON.stringify(counts);
  if (text.length < MIN_PACKED) return text;
  return `${PREFIX}${(await gzip(text)).toBase64()}`;
}

/** Returns the counts of a row. */
export async function unpackCounts(text: string): Promise<SeriesCounts> {
  const json = text.startsWith(PREFIX) ? await gunzip(Uint8Array.fromBase64(text.slice(PREFIX.length))) : text;
  return fromColumn<SeriesCounts>({ counts: json }, "counts");
}
