import { type Result, fail, ok } from "../model/result.ts";

/** `incomplete`: the sender closed the connection, or framed the body wrongly. */
export type ReadBodyError = "too_large" | "incomplete";

type Chunk = { readonly done: false; readonly value: Uint8Array } | { readonly done: true };

async function nextChunk(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Result<Chunk, "incomplete">> {
  try {
    const read = await reader.read();
    return ok(read.done ? { done: true } : { done: false, value: read.value });
  } catch {
    return fail("incomplete");
  }
}

async function readWhole(request: Request): Promise<Result<Uint8Array, "incomplete">> {
  try {
    return ok(await request.bytes());
  } catch {
    return fail("incomplete");
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  if (first !== undefined && chunks.length === 1) return first;
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** Reads the body of an incoming request. Returns `too_large` as soon as it is known to be longer than `maxBytes`. */
export async function readBody(request: Request, maxBytes: number): Promise<Result<Uint8Array, ReadBodyError>> {
  if (request.body === null) return ok(new Uint8Array(0));
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > maxBytes) return fail("too_large");
  // The announced length is all that can arrive, and reading it in one call costs a fifth.
  if (announced !== null) return await readWhole(request);
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = await nextChunk(reader);
    if (!chunk.ok) return chunk;
    if (chunk.value.done) return ok(join(chunks, length));
    length += chunk.value.value.byteLength;
    if (length > maxBytes) {
      // Not awaited: the sender may be gone already.
      reader.cancel().catch(() => {});
      return fail("too_large");
    }
    chunks.push(chunk.value.value);
  }
}

/** Returns a reader that fills a buffer in one call, or null if the stream is not one of the platform's. */
function byteReader(body: ReadableStream): ReadableStreamBYOBReader | null {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return null;
  }
}

async function readAtOnce(
  reader: ReadableStreamBYOBReader,
  maxBytes: number,
): Promise<Result<Uint8Array, "incomplete">> {
  try {
    const { value } = await reader.readAtLeast(maxBytes, new Uint8Array(maxBytes));
    return ok(value ?? new Uint8Array(0));
  } catch {
    return fail("incomplete");
  }
}

async function readInChunks(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
): Promise<Result<Uint8Array, "incomplete">> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < maxBytes) {
    const chunk = await nextChunk(reader);
    if (!chunk.ok) return chunk;
    if (chunk.value.done) break;
    const part = chunk.value.value.subarray(0, maxBytes - length);
    length += part.byteLength;
    chunks.push(part);
  }
  return ok(join(chunks, length));
}

/** Reads at most `maxBytes` of a stream and cancels the rest. */
export async function readStart(body: ReadableStream, maxBytes: number): Promise<Result<Uint8Array, "incomplete">> {
  const bytes = byteReader(body);
  if (bytes !== null) {
    const read = await readAtOnce(bytes, maxBytes);
    // Not awaited, here and below: the server may never end its response.
    bytes.cancel().catch(() => {});
    return read;
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
  const read = await readInChunks(reader, maxBytes);
  reader.cancel().catch(() => {});
  return read;
}
