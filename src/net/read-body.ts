import { type Result, fail, ok } from "../model/result.ts";

/** `incomplete`: the sender broke off, or framed the body wrongly. */
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

/** Reads a body of at most `limit` bytes; what is larger is given up as soon as that is known. */
export async function readBody(request: Request | Response, limit: number): Promise<Result<Uint8Array, ReadBodyError>> {
  if (request.body === null) return ok(new Uint8Array(0));
  const announced = request.headers.get("content-length");
  if (Number(announced ?? 0) > limit) return fail("too_large");
  // What is announced is all that can come, and read in one piece costs a fifth.
  if (announced !== null && request instanceof Request) return await readWhole(request);
  const reader: ReadableStreamDefaultReader<Uint8Array> = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = await nextChunk(reader);
    if (!chunk.ok) return chunk;
    if (chunk.value.done) return ok(join(chunks, length));
    length += chunk.value.value.byteLength;
    if (length > limit) {
      // Not waited for: the sender may be gone already, and its body is of no use either way.
      reader.cancel().catch(() => {});
      return fail("too_large");
    }
    chunks.push(chunk.value.value);
  }
}
