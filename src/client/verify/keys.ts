import type { DestinationSigning, KeySet } from "../generated/types.ts";
import { fromBase64, fromBase64Url, utf8 } from "./bytes.ts";

/** One secret, or several while one is rotated. */
type Secrets = { readonly secret: string | readonly string[] };
/** The gateway's public key: `whpk_…`, or the key set of `/.well-known/jwks.json` (`client.gateway.getKeys()`). */
type PublicKeys = { readonly public_key: string | KeySet };

export type HmacFormat = Extract<DestinationSigning, { readonly scheme: "hmac" }>;

/** A destination's `signing` as the API shows it, and the key for it. */
export type VerificationKey =
  | ({ readonly scheme: "standard-webhooks" } & Secrets)
  | ({ readonly scheme: "standard-webhooks-ed25519" } & PublicKeys)
  | ({ readonly scheme: "rfc9421"; readonly algorithm: "ed25519" } & PublicKeys)
  | ({ readonly scheme: "rfc9421"; readonly algorithm: "hmac-sha256" } & Secrets)
  | (HmacFormat & Secrets);

type Bytes = Uint8Array<ArrayBuffer>;
/** `CryptoKey`, which is not a global type in Node. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const HASHES = { sha1: "SHA-1", sha256: "SHA-256", sha384: "SHA-384", sha512: "SHA-512" } as const satisfies Record<
  HmacFormat["algorithm"],
  string
>;
const ED25519 = "Ed25519";
const PUBLIC_KEY_BYTES = 32;
const ED25519_SIGNATURE_BYTES = 64;

async function importSecret(bytes: Bytes | null, hash: string): Promise<Key | null> {
  if (bytes === null || bytes.length === 0) return null;
  return await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["verify"]);
}

async function importPublicKey(bytes: Bytes | null): Promise<Key | null> {
  if (bytes?.length !== PUBLIC_KEY_BYTES) return null;
  return await crypto.subtle.importKey("raw", bytes, { name: ED25519 }, false, ["verify"]);
}

function importSecrets({ secret }: Secrets, decode: (text: string) => Bytes | null, hash: string) {
  return [secret].flat().map((each) => importSecret(decode(each), hash));
}

function importPublicKeys({ public_key: given }: PublicKeys): Promise<Key | null>[] {
  if (typeof given === "string") return [importPublicKey(fromBase64(given.replace(/^whpk_/, "")))];
  return given.keys.map(({ x }) => importPublicKey(fromBase64Url(x)));
}

const decodeSecret = (secret: string): Bytes | null => fromBase64(secret.replace(/^whsec_/, ""));

function importAll(key: VerificationKey): Promise<Key | null>[] {
  switch (key.scheme) {
    case "standard-webhooks":
      return importSecrets(key, decodeSecret, "SHA-256");
    case "standard-webhooks-ed25519":
      return importPublicKeys(key);
    case "rfc9421":
      return key.algorithm === "ed25519" ? importPublicKeys(key) : importSecrets(key, decodeSecret, "SHA-256");
    case "hmac":
      return importSecrets(key, utf8, HASHES[key.algorithm]);
  }
}

/** The keys in the platform's form; null if there is none, or if one of them is not a key of the scheme. */
export async function importKeys(key: VerificationKey): Promise<readonly Key[] | null> {
  try {
    const keys = await Promise.all(importAll(key));
    const good = keys.filter((each) => each !== null);
    return good.length === 0 || good.length < keys.length ? null : good;
  } catch (error) {
    // The platform does not know Ed25519.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Whether one of the keys made this signature. The platform compares in constant time. */
export async function isSignedBy(keys: readonly Key[], signature: Bytes, message: Bytes): Promise<boolean> {
  for (const key of keys) {
    const { name } = key.algorithm;
    // workerd throws for a signature of another length.
    if (name === ED25519 && signature.length !== ED25519_SIGNATURE_BYTES) continue;
    if (await crypto.subtle.verify(name, key, signature, message)) return true;
  }
  return false;
}
