import type { HmacAlgorithm, SignatureScheme } from "../model/integration-auth.ts";
import { bytesMatch } from "../crypto/bytes-match.ts";
import { decodeSignature, hmac, importHmacKey, utf8 } from "./hmac.ts";
import { publicKeyBytes, secretBytes } from "./schemes/standard-webhooks.ts";

/** What tells a good signature: a shared secret, a public key, or a text that is sent as it is. */
export type VerifyingKey =
  | { readonly kind: "hmac"; readonly key: CryptoKey }
  | { readonly kind: "ed25519"; readonly key: CryptoKey }
  | { readonly kind: "text"; readonly digest: Uint8Array };

const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

async function hmacKey(algorithm: HmacAlgorithm, bytes: Uint8Array): Promise<VerifyingKey> {
  return { kind: "hmac", key: await importHmacKey(algorithm, bytes) };
}

async function publicKey(bytes: Uint8Array | null): Promise<VerifyingKey | null> {
  if (bytes?.length !== PUBLIC_KEY_BYTES) return null;
  return { kind: "ed25519", key: await crypto.subtle.importKey("raw", bytes, { name: "Ed25519" }, false, ["verify"]) };
}

async function digestOf(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

// Secrets come with and without their prefix; Supabase shows them as `v1,whsec_…`.
async function standardWebhooksKey(secret: string): Promise<VerifyingKey | null> {
  if (secret.startsWith("whpk_")) return await publicKey(publicKeyBytes(secret));
  const bare = secret.replace(/^v1,/, "").replace(/^whsec_/, "");
  const bytes = secretBytes(`whsec_${bare}`);
  return bytes === null ? null : await hmacKey("sha256", bytes);
}

/** The key that a scheme makes of a secret; null where the secret is none of this scheme's. */
export async function openSecret(
  scheme: SignatureScheme,
  algorithm: HmacAlgorithm | null,
  secret: string,
): Promise<VerifyingKey | null> {
  switch (scheme) {
    case "standard-webhooks":
      return await standardWebhooksKey(secret);
    case "discord":
      return await publicKey(decodeSignature(secret, "hex"));
    case "gitlab":
      return { kind: "text", digest: await digestOf(utf8(secret)) };
    case "twilio":
      return await hmacKey("sha1", utf8(secret));
    case "github":
    case "stripe":
    case "slack":
    case "shopify":
    case "pagerduty":
    case "sentry":
    case "linear":
    case "zoom":
    case "grafana":
    case "meta":
      return await hmacKey("sha256", utf8(secret));
    case "hmac":
      return await hmacKey(algorithm ?? "sha256", utf8(secret));
  }
}

/** Whether one of the signatures is this key's, over this message. */
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
    case "ed25519": {
      for (const signature of signatures) {
        if (signature.byteLength !== SIGNATURE_BYTES) continue;
        if (await crypto.subtle.verify({ name: "Ed25519" }, key.key, signature, message)) return true;
      }
      return false;
    }
    case "text": {
      const digests = await Promise.all(signatures.map(digestOf));
      return digests.some((digest) => bytesMatch(digest, key.digest));
    }
  }
}
