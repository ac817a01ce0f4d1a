import type { SeriesCounts } from "../../model/series.ts";
import { fromColumn } from "../rows.ts";

const PREFIX = "gzip:";
/** Shorter texts are stored as they are, in characters. */
const MIN_PACKED = 2_000;

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const source = new Response(bytes).body;
  if (source === null) return new Uint8Array(0);
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}

/** Returns counts as a row stores them: JSON, compressed if it is long. */
export async function packCounts(counts: SeriesCounts): Promise<string> {
  const text = JSON.stringify(counts);
  if (text.length < MIN_PACKED) return text;
  const packed = await through(new TextEncoder().encode(text), new CompressionStream("gzip"));
  return `${PREFIX}${packed.toBase64()}`;
}

/** Returns the counts of a row. */
export async function unpackCounts(text: string): Promise<SeriesCounts> {
  const json = text.startsWith(PREFIX)
    ? new TextDecoder().decode(
        await through(Uint8Array.fromBase64(text.slice(PREFIX.length)), new DecompressionStream("gzip")),
      )
    : text;
  return fromColumn<SeriesCounts>({ counts: json }, "counts");
}
