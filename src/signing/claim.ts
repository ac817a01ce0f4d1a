import { type Result, fail, ok } from "../model/result.ts";

/** A request as far as it is known before its body is read. */
export type SignedHead = {
  readonly method: string;
  /** As the sender called it. */
  readonly url: URL;
  readonly headers: Headers;
};

/** Why a request does not count as signed. */
export type SignatureFault = "missing" | "malformed" | "stale" | "mismatch";

/** What a request says of itself: that one of these signatures is over it. */
export type Claim = {
  readonly signatures: readonly Uint8Array[];
  /** When it was signed, in ms since 1970; null where the scheme does not say in a header. */
  readonly signed_at_ms: number | null;
  /** What may have been signed: more than one text only where a scheme leaves a spelling open. Null: no body is needed. */
  readonly covers: ((body: Uint8Array) => Promise<readonly Uint8Array[]> | readonly Uint8Array[]) | null;
  /** The time that the body tells, where the scheme puts it there; null where it tells none. */
  readonly time_in_body?: (body: Uint8Array) => number | null;
};

/** How far the time of signing may be from now, in either direction. */
const TOLERANCE_SECONDS = 300;
/** A header with more signatures than this is not looked at. */
const MAX_SIGNATURES = 10;
const MAX_HEADER = 4_096;
const TIMESTAMP = /^\d{1,13}$/;
/** Times of more digits than this are in milliseconds. */
const MAX_DIGITS_OF_SECONDS = 11;

/** A header's value; empty ones count as missing. */
export function readHeader(headers: Headers, name: string): Result<string, SignatureFault> {
  const value = headers.get(name)?.trim() ?? "";
  if (value === "") return fail("missing");
  return value.length > MAX_HEADER ? fail("malformed") : ok(value);
}

/** A time stamp in seconds or milliseconds since 1970, as ms; null where it is none. */
export function parseTimestamp(text: string): number | null {
  if (!TIMESTAMP.test(text)) return null;
  return text.length > MAX_DIGITS_OF_SECONDS ? Number(text) : Number(text) * 1_000;
}

/** A time stamp header: as it is written, for that is what was signed, and in ms. */
export function readTimestamp(
  headers: Headers,
  name: string,
): Result<{ readonly text: string; readonly ms: number }, SignatureFault> {
  const text = readHeader(headers, name);
  if (!text.ok) return text;
  const ms = parseTimestamp(text.value);
  return ms === null ? fail("malformed") : ok({ text: text.value, ms });
}

/** Signatures that a header gives; at least one, and not too many. */
export function boundSignatures(
  signatures: readonly (Uint8Array | null)[],
): Result<readonly Uint8Array[], SignatureFault> {
  if (signatures.length > MAX_SIGNATURES) return fail("malformed");
  const readable = signatures.filter((signature) => signature !== null);
  return readable.length === 0 ? fail("malformed") : ok(readable);
}

export function isFresh(signedAtMs: number, nowMs: number): boolean {
  return Math.abs(Math.floor(nowMs / 1_000) - Math.floor(signedAtMs / 1_000)) <= TOLERANCE_SECONDS;
}
