import { SEED_BYTES } from "./gateway-key.ts";

/** The length of every key that a master key wraps. */
export const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const NONCE_BYTES = 12;
const encoder = new TextEncoder();

/** A master key. It wraps the keys that seal, hash and sign, and does nothing else. */
export type MasterKey = {
  /** Names the key in wraps. It reveals nothing of it. */
  readonly id: string;
  /** Wraps the bytes of a key. They unwrap only under the same name. */
  wrap(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string>;
  /** Returns the bytes, or null if this master key did not wrap them under this name. */
  unwrap(wrapped: string, name: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Returns the keys that the first version derived from a master key instead of storing them. */
  derive(): Promise<Readonly<Record<"seal" | "hash" | "sign", Uint8Array<ArrayBuffer>>>>;
};

/** Returns new random bytes. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** Returns an id for a new key. */
export function randomKeyId(): string {
  return randomBytes(KEY_ID_BYTES).toHex();
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    return new Uint8Array(0);
  }
}

/** Opens a master key of 32 bytes. */
export async function openMasterKey(bytes: Uint8Array<ArrayBuffer>): Promise<MasterKey> {
  const base = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits", "deriveKey"]);
  const hkdf = (purpose: string) => {
    return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: encoder.encode(`hookgate ${purpose}`) };
  };
  const bitsFor = async (purpose: string, length: number): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await crypto.subtle.deriveBits(hkdf(purpose), base, length * 8));
  const [id, wrapping] = await Promise.all([
    bitsFor("key id", KEY_ID_BYTES),
    crypto.subtle.deriveKey(hkdf("wrap"), base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
  ]);
  const aesOf = (iv: Uint8Array<ArrayBuffer>, name: string) => {
    return { name: "AES-GCM", iv, additionalData: encoder.encode(name) };
  };
  return {
    id: id.toHex(),
    async wrap(key, name) {
      const iv = randomBytes(NONCE_BYTES);
      const wrapped = await crypto.subtle.encrypt(aesOf(iv, name), wrapping, key);
      return new Uint8Array([...iv, ...new Uint8Array(wrapped)]).toBase64();
    },
    async unwrap(wrapped, name) {
      const parts = decode(wrapped);
      const iv = parts.slice(0, NONCE_BYTES);
      try {
        return new Uint8Array(await crypto.subtle.decrypt(aesOf(iv, name), wrapping, parts.slice(NONCE_BYTES)));
      } catch {
        return null;
      }
    },
    async derive() {
      const [seal, hash, sign] = await Promise.all([
        bitsFor("seal", KEY_BYTES),
        bitsFor("token hash", KEY_BYTES),
        bitsFor("signing key", SEED_BYTES),
      ]);
      return { seal, hash, sign };
    },
  };
}
