import { decodeSignature, joinBytes } from "./hmac.ts";
import { type SigningKey, hmacSigningKey, signBytes } from "./signing-key.ts";

// Standard Webhooks over `id.timestamp.body`: `v1` is HMAC-SHA256 with the bytes of a `whsec_…` secret, `v1a` is Ed25519
// with a `whpk_…` public key. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const SECRET_PREFIX = "whsec_";
const PUBLIC_KEY_PREFIX = "whpk_";
const PUBLIC_KEY_BYTES = 32;
const VERSIONS = { hmac: "v1", ed25519: "v1a" } as const satisfies Record<SigningKey["kind"], string>;

/** Returns the key bytes of a `whsec_…` secret; null if they are not 24 to 64 bytes in base64. */
export function secretBytes(secret: string): Uint8Array<ArrayBuffer> | null {
  if (!secret.startsWith(SECRET_PREFIX)) return null;
  try {
    const bytes = Uint8Array.fromBase64(secret.slice(SECRET_PREFIX.length));
    return bytes.length >= 24 && bytes.length <= 64 ? bytes : null;
  } catch {
    return null;
  }
}

/** Returns the bytes of a `whpk_…` public key; null for any other text. */
export function publicKeyBytes(text: string): Uint8Array | null {
  if (!text.startsWith(PUBLIC_KEY_PREFIX)) return null;
  const bytes = decodeSignature(text.slice(PUBLIC_KEY_PREFIX.length), "base64");
  return bytes?.length === PUBLIC_KEY_BYTES ? bytes : null;
}

/** Returns the key that signs with a `whsec_…` secret; null for any other text. */
export async function openWebhookSecret(secret: string): Promise<SigningKey | null> {
  const bytes = secretBytes(secret);
  return bytes === null ? null : await hmacSigningKey("sha256", bytes);
}

/** Returns the message that Standard Webhooks signs. */
export function signedMessage(id: string, timestamp: number | string, body: Uint8Array): Uint8Array {
  return joinBytes([`${id}.${timestamp}.`, body]);
}

/** Returns the three headers of a signed message. `timestamp` is in seconds. */
export async function signedHeaders(
  keys: readonly SigningKey[],
  id: string,
  timestamp: number,
  body: Uint8Array,
): Promise<Record<string, string>> {
  const message = signedMessage(id, timestamp, body);
  const signatures = await Promise.all(
    keys.map(async (key) => `${VERSIONS[key.kind]},${(await signBytes(key, message)).toBase64()}`),
  );
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signatures.join(" ") };
}
