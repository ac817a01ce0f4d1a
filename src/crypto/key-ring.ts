import { type Result, fail, ok } from "../model/result.ts";
import { bytesMatch } from "./bytes-match.ts";
import { LruMap } from "../platform/lru.ts";
import { type GatewayKey, SEED_BYTES, importGatewayKey } from "./gateway-key.ts";

// Three keys are derived from MASTER_KEY: one seals secrets (AES-GCM), one keys the hashes of inbound tokens (HMAC-SHA256),
// and one signs in the gateway's own name (Ed25519).
// A sealed text is `<key id>.<nonce>.<ciphertext>`: the key id shows which master key sealed it.

const NONCE_BYTES = 12;
const KEY_ID_BYTES = 4;
const MAX_VERIFIED = 2_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

export type UnsealError = "malformed" | "unknown_key" | "tampered";

/** Seals and opens secrets, and hashes tokens, under one master key. */
export type KeyRing = {
  /** Returns an id of the gateway that holds this master key. It is no secret. */
  gatewayId(): Promise<string>;
  /** Returns the key pair with which this gateway signs. Its public half is published. */
  gatewayKey(): Promise<GatewayKey>;
  /** Seals a text. It opens only with the same `belongsTo`, which is the id of its row. */
  seal(text: string, belongsTo: string): Promise<string>;
  unseal(sealed: string, belongsTo: string): Promise<Result<string, UnsealError>>;
  /** Returns the keyed hash of a token, `<key id>.<base64>`. */
  hashToken(token: string): Promise<string>;
  /** Returns whether a token has this hash, in constant time. */
  tokenMatches(token: string, hash: string): Promise<boolean>;
  /** Returns true if `tokenMatches` has returned true before. False says nothing. */
  isKnownMatch(token: string, hash: string): boolean;
};

type Keys = { readonly id: string; readonly seal: CryptoKey; readonly hash: CryptoKey };

async function importMaster(masterKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", masterKey, "HKDF", false, ["deriveBits", "deriveKey"]);
}

function hkdfFor(purpose: string) {
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(`hookgate ${purpose}`) };
}

async function derive(masterKey: Uint8Array<ArrayBuffer>): Promise<Keys> {
  const base = await importMaster(masterKey);
  const [seal, hash, id] = await Promise.all([
    crypto.subtle.deriveKey(hkdfFor("seal"), base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    crypto.subtle.deriveKey(hkdfFor("token hash"), base, { name: "HMAC", hash: "SHA-256", length: 256 }, false, [
      "sign",
    ]),
    crypto.subtle.deriveBits(hkdfFor("key id"), base, KEY_ID_BYTES * 8),
  ]);
  return { id: new Uint8Array(id).toHex(), seal, hash };
}

async function deriveGatewayKey(masterKey: Uint8Array<ArrayBuffer>): Promise<GatewayKey> {
  const base = await importMaster(masterKey);
  return await importGatewayKey(
    new Uint8Array(await crypto.subtle.deriveBits(hkdfFor("signing key"), base, SEED_BYTES * 8)),
  );
}

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return null;
  }
}

/** Makes a key ring over a master key of 32 bytes. Its keys are derived on first use. */
export function createKeyRing(masterKey: Uint8Array<ArrayBuffer>): KeyRing {
  let derived: Promise<Keys> | null = null;
  const keys = (): Promise<Keys> => (derived ??= derive(masterKey));
  let gatewayKey: Promise<GatewayKey> | null = null;
  // Tokens that matched, by their hash: comparing a token is cheaper than hashing it for every webhook.
  const verified = new LruMap<string, Uint8Array>({ max: MAX_VERIFIED });

  const hashToken = async (token: string): Promise<string> => {
    const { id, hash } = await keys();
    const digest = await crypto.subtle.sign("HMAC", hash, encoder.encode(token));
    return `${id}.${new Uint8Array(digest).toBase64()}`;
  };

  return {
    gatewayId: async () => (await keys()).id,
    gatewayKey: () => (gatewayKey ??= deriveGatewayKey(masterKey)),
    async seal(text, belongsTo) {
      const { id, seal } = await keys();
      const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const additionalData = encoder.encode(belongsTo);
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, seal, encoder.encode(text));
      return `${id}.${iv.toBase64()}.${new Uint8Array(sealed).toBase64()}`;
    },
    async unseal(sealed, belongsTo) {
      const [keyId, nonce, ciphertext, ...rest] = sealed.split(".");
      const iv = decode(nonce ?? "");
      const bytes = decode(ciphertext ?? "");
      if (iv?.length !== NONCE_BYTES || bytes === null || rest.length > 0) return fail("malformed");
      const { id, seal } = await keys();
      if (keyId !== id) return fail("unknown_key");
      const additionalData = encoder.encode(belongsTo);
      try {
        return ok(decoder.decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, seal, bytes)));
      } catch {
        return fail("tampered");
      }
    },
    hashToken,
    async tokenMatches(token, hash) {
      if (!textsMatch(await hashToken(token), hash)) return false;
      verified.set(hash, encoder.encode(token));
      return true;
    },
    isKnownMatch(token, hash) {
      const known = verified.get(hash);
      return known !== undefined && bytesMatch(encoder.encode(token), known);
    },
  };
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
