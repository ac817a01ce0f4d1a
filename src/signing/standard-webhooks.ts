// Standard Webhooks, symmetric scheme `v1`: HMAC-SHA256 over `id.timestamp.body`, key = base64 after `whsec_`.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const SECRET_PREFIX = "whsec_";
const VERSION = "v1";
const encoder = new TextEncoder();

/** The key bytes of a `whsec_…` secret; null where it is none of 24 to 64 bytes. */
export function secretBytes(secret: string): Uint8Array<ArrayBuffer> | null {
  if (!secret.startsWith(SECRET_PREFIX)) return null;
  try {
    const bytes = Uint8Array.fromBase64(secret.slice(SECRET_PREFIX.length));
    return bytes.length >= 24 && bytes.length <= 64 ? bytes : null;
  } catch {
    return null;
  }
}

/** A key that signs; null where the secret is malformed. */
export async function importSecret(secret: string): Promise<CryptoKey | null> {
  const bytes = secretBytes(secret);
  if (bytes === null) return null;
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

function signedBytes(id: string, timestamp: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = encoder.encode(`${id}.${timestamp}.`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/** The three headers of a signed message. `timestamp` is in seconds; every key signs, so that a secret can be rotated. */
export async function signedHeaders(
  keys: readonly CryptoKey[],
  id: string,
  timestamp: number,
  body: Uint8Array,
): Promise<Record<string, string>> {
  const bytes = signedBytes(id, timestamp, body);
  const signatures = await Promise.all(
    keys.map(async (key) => {
      const signature = await crypto.subtle.sign("HMAC", key, bytes);
      return `${VERSION},${new Uint8Array(signature).toBase64()}`;
    }),
  );
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signatures.join(" ") };
}
