import { bytesMatch } from "../crypto/bytes-match.ts";
import type { HmacAlgorithm } from "../model/integration-auth.ts";
import { hmac, importHmacKey } from "./hmac.ts";

/** What checks a signature: a shared secret, a public key, or a text that the sender sends as it is. */
export type VerifyingKey =
  | { readonly kind: "hmac"; readonly key: CryptoKey }
  | { readonly kind: "ed25519"; readonly key: CryptoKey }
  | { readonly kind: "ecdsa"; readonly key: CryptoKey }
  | { readonly kind: "rsa"; readonly key: CryptoKey }
  | { readonly kind: "text"; readonly digest: Uint8Array };

const PUBLIC_KEY_BYTES = 32;
/** Of Ed25519, and of ECDSA with the curve P-256: two numbers of 32 bytes. */
const SIGNATURE_BYTES = 64;
const ED25519 = { name: "Ed25519" } as const;
const RSA = { name: "RSASSA-PKCS1-v1_5" } as const;
const ECDSA = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

async function digestOf(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export async function hmacKey(algorithm: HmacAlgorithm, bytes: Uint8Array): Promise<VerifyingKey> {
  return { kind: "hmac", key: await importHmacKey(algorithm, bytes) };
}

/** Returns an Ed25519 public key; null if these are not the 32 bytes of one. */
export async function publicKey(bytes: Uint8Array | null): Promise<VerifyingKey | null> {
  if (bytes?.length !== PUBLIC_KEY_BYTES) return null;
  return { kind: "ed25519", key: await crypto.subtle.importKey("raw", bytes, ED25519, false, ["verify"]) };
}

/** Returns a public key of ECDSA with P-256 from its DER (SubjectPublicKeyInfo); null if these bytes are not one. */
export async function ecdsaKey(bytes: Uint8Array | null): Promise<VerifyingKey | null> {
  if (bytes === null) return null;
  try {
    return { kind: "ecdsa", key: await crypto.subtle.importKey("spki", bytes, ECDSA, false, ["verify"]) };
  } catch {
    return null;
  }
}

async function isVerified(
  algorithm: typeof ED25519 | typeof ECDSA,
  key: CryptoKey,
  signatures: readonly Uint8Array[],
  message: Uint8Array,
): Promise<boolean> {
  for (const signature of signatures) {
    if (signature.byteLength !== SIGNATURE_BYTES) continue;
    if (await crypto.subtle.verify(algorithm, key, signature, message)) return true;
  }
  return false;
}

/** Returns a key that the sender sends in the clear. Only its digest is kept. */
export async function textKey(bytes: Uint8Array): Promise<VerifyingKey> {
  return { kind: "text", digest: await digestOf(bytes) };
}

/** Returns whether one of the signatures was made with this key over this message. */
export async function isSignedBy(
  key: VerifyingKey,
  signatures: readonly Uint8Array[],
  message: Uint8Array,
): Promise<boolean> {
  switch (key.kind) {
    case "hmac": {
      const expected = await hmac(key.key, message);
      return signatures.some((signature) => bytesMatch(signature, expected));
    }
    case "ed25519":
      return await isVerified(ED25519, key.key, signatures, message);
    case "ecdsa":
      return await isVerified(ECDSA, key.key, signatures, message);
    case "rsa": {
      for (const signature of signatures) {
        if (await crypto.subtle.verify(RSA, key.key, signature, message)) return true;
      }
      return false;
    }
    case "text": {
      const digests = await Promise.all(signatures.map(digestOf));
      return digests.some((digest) => bytesMatch(digest, key.digest));
    }
  }
}
