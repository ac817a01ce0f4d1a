import { type Result, fail, ok } from "../model/result.ts";

/** A request before its body is read. */
export type SignedHead = {
  readonly method: string;
  /** As the sender called it. */
  readonly url: URL;
  readonly headers: Headers;
};

/** Why a request does not count as signed. */
export type SignatureFault = "missing" | "malformed" | "stale" | "mismatch";

/**
 * What makes two signed requests the same one: an id that the signature covers, the signed message, or nothing that is
 * signed.
 */
export type RepeatMark =
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "message" }
  | { readonly kind: "none" };

/** A key that its owner publishes: of a certificate at an address, or of the key set of an issuer of tokens. */
export type KeyReference =
  | { readonly kind: "certificate"; readonly url: string; readonly hash: "SHA-1" | "SHA-256" }
  | { readonly kind: "jwk"; readonly issuer: string; readonly kid: string; readonly algorithm: "RS256" | "ES256" };

/** What the headers of a request state about its signature. One of the signatures must match. */
export type Claim = {
  readonly repeat_mark: RepeatMark;
  readonly signatures: readonly Uint8Array[];
  /** When the request was signed, in ms since 1970; null if the scheme signs no time, or has it in the body. */
  readonly signed_at_ms: number | null;
  /**
   * Returns the messages that may have been signed; more than one if the scheme leaves a spelling open. Null if the
   * signature does not cover the body.
   */
  readonly covers: ((body: Uint8Array) => Promise<readonly Uint8Array[]> | readonly Uint8Array[]) | null;
  /** When the signature is valid, in ms since 1970, if the scheme says so in place of a time of signing. */
  readonly valid?: { readonly from_ms: number; readonly until_ms: number };
  /** The key of the signature, if the sender publishes its keys. */
  readonly key?: KeyReference;
  /** Returns the time of signing that the body contains, in ms since 1970; null if it contains none. */
  readonly time_in_body?: (body: Uint8Array) => number | null;
};

/** A claim that the body makes, and no header. Nothing is known about it before the body is read. */
export type BodyClaim = { readonly in_body: (body: Uint8Array) => Promise<Result<Claim, SignatureFault>> };

/** What a scheme reads from the head of a request. */
export type Reading = Claim | BodyClaim;

/** How far the time of signing may be from now, in either direction. */
export const TOLERANCE_SECONDS = 300;
/** How far the end of a validity may be past, because clocks differ. */
const CLOCK_TOLERANCE_MS = 30_000;
/** A header with more signatures is malformed. */
const MAX_SIGNATURES = 10;
const MAX_HEADER = 4_096;
const TIMESTAMP = /^\d{1,13}$/;
const ISO_TIME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?$/i;
/** Times of more digits are in milliseconds. */
const MAX_DIGITS_OF_SECONDS = 11;

/** Returns a header's value. An empty header counts as missing. */
export function readHeader(headers: Headers, name: string): Result<string, SignatureFault> {
  const value = headers.get(name)?.trim() ?? "";
  if (value === "") return fail("missing");
  return value.length > MAX_HEADER ? fail("malformed") : ok(value);
}

/**
 * Parses seconds or milliseconds since 1970, or a time in ISO 8601. Returns ms; null for any other text. A time without a zone is
 * UTC, as most programs that omit it mean: any other zone would be stale.
 */
export function parseTimestamp(text: string): number | null {
  const [, time, zone = "Z"] = ISO_TIME.exec(text) ?? [];
  if (time !== undefined) {
    const ms = Date.parse(`${time}${zone}`.toUpperCase());
    return Number.isNaN(ms) ? null : ms;
  }
  if (!TIMESTAMP.test(text)) return null;
  return text.length > MAX_DIGITS_OF_SECONDS ? Number(text) : Number(text) * 1_000;
}

/** Reads a time from a header. Returns the text, because the text is what was signed, and the time in ms. */
export function readTimestamp(
  headers: Headers,
  name: string,
): Result<{ readonly text: string; readonly ms: number }, SignatureFault> {
  const text = readHeader(headers, name);
  if (!text.ok) return text;
  const ms = parseTimestamp(text.value);
  return ms === null ? fail("malformed") : ok({ text: text.value, ms });
}

/** Returns the signatures that could be decoded: at least one, of at most ten. */
export function boundSignatures(
  signatures: readonly (Uint8Array | null)[],
): Result<readonly Uint8Array[], SignatureFault> {
  if (signatures.length > MAX_SIGNATURES) return fail("malformed");
  const readable = signatures.filter((signature) => signature !== null);
  return readable.length === 0 ? fail("malformed") : ok(readable);
}

/** Returns whether a time is within the validity of a signature, with some tolerance for clocks. */
export function isValidAt({ from_ms, until_ms }: NonNullable<Claim["valid"]>, nowMs: number): boolean {
  return nowMs >= from_ms - TOLERANCE_SECONDS * 1_000 && nowMs <= until_ms + CLOCK_TOLERANCE_MS;
}

export function isFresh(signedAtMs: number, nowMs: number): boolean {
  return Math.abs(Math.floor(nowMs / 1_000) - Math.floor(signedAtMs / 1_000)) <= TOLERANCE_SECONDS;
}
