// Compression as the platform has it.

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const source = new Response(bytes).body;
  if (source === null) return new Uint8Array(0);
  return new Uint8Array(await new Response(source.pipeThrough(stream)).arrayBuffer());
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Compresses a text. */
export async function gzip(text: string): Promise<Uint8Array> {
  return await through(encoder.encode(text), new CompressionStream("gzip"));
}

/** Returns the text that was compressed. Throws if the bytes are damaged: they have a checksum. */
export async function gunzip(bytes: Uint8Array): Promise<string> {
  return decoder.decode(await through(bytes, new DecompressionStream("gzip")));
}
