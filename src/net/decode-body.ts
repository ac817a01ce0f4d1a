import { type Result, fail, ok } from "../model/result.ts";

/** `unsupported`: the platform does not know the coding. */
export type DecodeBodyError = "unsupported" | "invalid" | "too_large";

const MAX_CODINGS = 2;
/**
 * The bytes that are decompressed at once. Deflate makes at most 1,032 bytes of one, and the platform keeps all that it has
 * made until it is read, so that this bounds the memory that a small body can take.
 */
const SLICE_BYTES = 8_192;
const READ_BYTES = 65_536;

/** Returns whether bytes start like a zlib stream. The coding `deflate` means one, but some senders omit its header. */
function isZlib([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

type Format = "gzip" | "deflate" | "deflate-raw";

/** Returns the platform's name of a coding; null if it has no decompressor for it, such as for Brotli. */
function formatOf(coding: string, bytes: Uint8Array): Format | null {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return "gzip";
    case "deflate":
      return isZlib(bytes) ? "deflate" : "deflate-raw";
    default:
      return null;
  }
}

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => void setTimeout(resolve, 0));
}

type Progress = { length: number; isOver: boolean };

/** Waits until a turn of the event loop passes in which nothing more was read. */
async function untilRead(progress: Progress): Promise<void> {
  let before = -1;
  while (before !== progress.length && !progress.isOver) {
    before = progress.length;
    await nextTurn();
  }
}

/** Decompresses slice by slice. No slice is written before all that the earlier ones gave is read. */
async function decompress(
  bytes: Uint8Array,
  format: Format,
  maxBytes: number,
): Promise<Result<Uint8Array, DecodeBodyError>> {
  const { readable, writable } = new DecompressionStream(format);
  const writer: WritableStreamDefaultWriter<Uint8Array> = writable.getWriter();
  const reader = readable.getReader({ mode: "byob" });
  const chunks: Uint8Array[] = [];
  const progress = { length: 0, isOver: false };

  async function write(): Promise<void> {
    for (let at = 0; at < bytes.byteLength && !progress.isOver; at += SLICE_BYTES) {
      await writer.write(bytes.subarray(at, at + SLICE_BYTES));
      if (at + SLICE_BYTES < bytes.byteLength) await untilRead(progress);
    }
    if (!progress.isOver) await writer.close();
  }

  async function read(): Promise<Result<Uint8Array, DecodeBodyError>> {
    for (;;) {
      const { value } = await reader.read(new Uint8Array(READ_BYTES));
      if (value === undefined || value.byteLength === 0) return ok(joined(chunks, progress.length));
      progress.length += value.byteLength;
      if (progress.length > maxBytes) return fail("too_large");
      chunks.push(value);
    }
  }

  const writing = write().catch(() => {});
  try {
    return await read();
  } catch {
    return fail("invalid");
  } finally {
    progress.isOver = true;
    await Promise.allSettled([reader.cancel(), writer.abort(), writing]);
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

/** Undoes the codings of a body, within `maxBytes` for each of them. */
export async function decodeBody(
  body: Uint8Array,
  codings: readonly string[],
  maxBytes: number,
): Promise<Result<Uint8Array, DecodeBodyError>> {
  if (codings.length > MAX_CODINGS) return fail("unsupported");
  let bytes = body;
  for (const coding of codings.toReversed()) {
    const format = formatOf(coding, bytes);
    if (format === null) return fail("unsupported");
    // A sender without content may still name a coding.
    if (bytes.byteLength === 0) continue;
    const decoded = await decompress(bytes, format, maxBytes);
    if (!decoded.ok) return decoded;
    bytes = decoded.value;
  }
  return ok(bytes);
}
