import { type Result, fail, ok } from "../model/result.ts";
import { LruMap } from "../platform/lru.ts";
import { bytesMatch } from "./bytes-match.ts";
import type { DataKeys, SigningPair } from "./data-keys.ts";
import { KeysUnavailableError } from "./keys-unavailable.ts";

// A sealed text is `<key id>.<nonce>.<ciphertext>`, and a hash `<key id>.<base64>`: the id names the key that made it.

const NONCE_BYTES = 12;
const MAX_VERIFIED = 2_000;
/** Keys that were read this long ago are read again if a value names one that is not among them, in ms. */
const UNKNOWN_KEY_AGE_MS = 5_000;
/** Signing keys that were read this long ago are read again, in ms: another isolate may have replaced the one in use. */
const SIGNING_AGE_MS = 60_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

export type UnsealError = "malformed" | "unknown_key" | "tampered";

/** Where a ring has its keys from. */
export type KeySource = {
  /** Returns the keys, read at most `maxAgeMs` ago if they can be read. Throws if they have never been read. */
  load(maxAgeMs?: number): Promise<DataKeys>;
};

/** Seals and opens secrets, hashes tokens and signs. Throws a KeysUnavailableError if the key in use cannot be opened. */
export type KeyRing = {
  /** Waits until the keys are read. After that, the other functions need no I/O unless a value names an unknown key. */
  ready(): Promise<void>;
  /** Returns an id of the gateway. It is no secret. */
  gatewayId(): Promise<string>;
  /** Returns the key pairs with which this gateway signs, the one in use first. Their public halves are published. */
  signingKeys(nowMs: number): Promise<readonly [SigningPair, ...SigningPair[]]>;
  /** Seals a text. It opens only with the same `belongsTo`, which is the id of its row. */
  seal(text: string, belongsTo: string): Promise<string>;
  unseal(sealed: string, belongsTo: string): Promise<Result<string, UnsealError>>;
  /** Returns the keyed hash of a token, `<key id>.<base64>`. */
  hashToken(token: string): Promise<string>;
  /**
   * Returns whether a token has this hash, in constant time. Throws a KeysUnavailableError if the hash was made with a key
   * that the gateway does not have: nothing can then be said about the token.
   */
  tokenMatches(token: string, hash: string): Promise<boolean>;
  /** Returns true if `tokenMatches` has returned true before. False says nothing. */
  isKnownMatch(token: string, hash: string): boolean;
  /** Returns 32 bytes that nobody can compute for a text without this gateway's keys. */
  checksum(text: string): Promise<Uint8Array>;
  /** Returns the time since which this gateway makes checksums, in ms since 1970. */
  checksumsSince(): Promise<number>;
};

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return null;
  }
}

/** Makes a key ring over the keys of a gateway. */
export function createKeyRing(source: KeySource): KeyRing {
  // Tokens that matched, by their hash: comparing a token is cheaper than hashing it for every webhook.
  const verified = new LruMap<string, Uint8Array>({ max: MAX_VERIFIED });

  async function keyInUse(purpose: keyof DataKeys["secrets"]): Promise<readonly [id: string, key: CryptoKey]> {
    const known = (await source.load()).secrets[purpose].entries().next().value;
    const found = known ?? (await source.load(UNKNOWN_KEY_AGE_MS)).secrets[purpose].entries().next().value;
    if (found === undefined) throw new KeysUnavailableError("other_master_key");
    return found;
  }

  async function keyOf(purpose: keyof DataKeys["secrets"], id: string): Promise<CryptoKey | null> {
    const known = (await source.load()).secrets[purpose].get(id);
    return known ?? (await source.load(UNKNOWN_KEY_AGE_MS)).secrets[purpose].get(id) ?? null;
  }

  async function hashWith(id: string, key: CryptoKey, token: string): Promise<string> {
    const digest = await crypto.subtle.sign("HMAC", key, encoder.encode(token));
    return `${id}.${new Uint8Array(digest).toBase64()}`;
  }

  return {
    async ready() {
      await source.load();
    },
    gatewayId: async () => (await source.load()).gateway_id,
    async signingKeys(nowMs) {
      return await (await source.load(SIGNING_AGE_MS)).signing(nowMs);
    },
    async seal(text, belongsTo) {
      const [id, key] = await keyInUse("seal");
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const additionalData = encoder.encode(belongsTo);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, encoder.encode(text));
      return `${id}.${iv.toBase64()}.${new Uint8Array(sealed).toBase64()}`;
    },
    async unseal(sealed, belongsTo) {
      const [id = "", nonce, ciphertext, ...rest] = sealed.split(".");
      const iv = decode(nonce ?? "");
      const bytes = decode(ciphertext ?? "");
      if (iv?.length !== NONCE_BYTES || bytes === null || rest.length > 0) return fail("malformed");
      const key = await keyOf("seal", id);
      if (key === null) return fail("unknown_key");
      const additionalData = encoder.encode(belongsTo);
      try {
        return ok(decoder.decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, bytes)));
      } catch {
        return fail("tampered");
      }
    },
    async hashToken(token) {
      const [id, key] = await keyInUse("hash");
      return await hashWith(id, key, token);
    },
    async tokenMatches(token, hash) {
      const end = hash.indexOf(".");
      if (end < 0) return false;
      const id = hash.slice(0, end);
      const key = await keyOf("hash", id);
      if (key === null) throw new KeysUnavailableError("unknown_key");
      if (!textsMatch(await hashWith(id, key, token), hash)) return false;
      verified.set(hash, encoder.encode(token));
      return true;
    },
    isKnownMatch(token, hash) {
      const known = verified.get(hash);
      return known !== undefined && bytesMatch(encoder.encode(token), known);
    },
    async checksum(text) {
      const [, key] = await keyInUse("address");
      return new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
    },
    checksumsSince: async () => (await source.load()).checksums_since,
  };
}

/**
 * Opens a stored secret. Throws a KeysUnavailableError if it was sealed with a key that the gateway does not have, which is
 * no fault of the secret.
 */
export async function unsealStored(
  ring: KeyRing,
  sealed: string,
  belongsTo: string,
): Promise<Result<string, Exclude<UnsealError, "unknown_key">>> {
  const opened = await ring.unseal(sealed, belongsTo);
  if (opened.ok) return opened;
  if (opened.error === "unknown_key") throw new KeysUnavailableError("unknown_key");
  return fail(opened.error);
}

/** Returns whether two texts are equal, in a time that depends on their lengths only. */
export function textsMatch(a: string, b: string): boolean {
  return bytesMatch(encoder.encode(a), encoder.encode(b));
}

/** Returns whether a secret is the expected one, in a time that shows nothing about either, not even a length. */
export async function secretsMatch(given: string, expected: string): Promise<boolean> {
  const [left, right] = await Promise.all([
    crypto.subtle.digest("SHA-256", encoder.encode(given)),
    crypto.subtle.digest("SHA-256", encoder.encode(expected)),
  ]);
  return crypto.subtle.timingSafeEqual(left, right);
}

/** Returns a new secret: `prefix` and the base64 of 32 random bytes. */
export function generateSecret(prefix: string): string {
  return prefix + crypto.getRandomValues(new Uint8Array(32)).toBase64();
}
