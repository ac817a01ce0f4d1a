import { type Result, fail, ok } from "../../model/result.ts";
import { type Claim, type SignatureFault, boundSignatures, readHeader, readTimestamp } from "../claim.ts";
import { decodeSignature, joinBytes } from "../hmac.ts";
import { type SigningKey, signBytes } from "../signing-key.ts";

// Standard Webhooks over `id.timestamp.body`: `v1` is HMAC-SHA256, key = base64 after `whsec_`; `v1a` is Ed25519, public key =
// base64 after `whpk_`. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const SECRET_PREFIX = "whsec_";
const VERSIONS = { hmac: "v1", ed25519: "v1a" } as const satisfies Record<SigningKey["kind"], string>;
const PUBLIC_KEY_PREFIX = "whpk_";
const PUBLIC_KEY_BYTES = 32;

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

function signedBytes(id: string, timestamp: number | string, body: Uint8Array): Uint8Array {
  return joinBytes([`${id}.${timestamp}.`, body]);
}

/** The three headers of a signed message. `timestamp` is in seconds; every key signs, so that a secret can be rotated. */
export async function signedHeaders(
  keys: readonly SigningKey[],
  id: string,
  timestamp: number,
  body: Uint8Array,
): Promise<Record<string, string>> {
  const bytes = signedBytes(id, timestamp, body);
  const signatures = await Promise.all(
    keys.map(async (key) => `${VERSIONS[key.kind]},${(await signBytes(key, bytes)).toBase64()}`),
  );
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": signatures.join(" ") };
}

/** The bytes of a `whpk_…` public key; null where it is none. */
export function publicKeyBytes(text: string): Uint8Array | null {
  if (!text.startsWith(PUBLIC_KEY_PREFIX)) return null;
  const bytes = decodeSignature(text.slice(PUBLIC_KEY_PREFIX.length), "base64");
  return bytes?.length === PUBLIC_KEY_BYTES ? bytes : null;
}

/** Reads the headers of a message that is signed in one of these ways: `webhook-…`, or `svix-…` as Svix names the same ones. */
export function readStandardWebhooks(
  headers: Headers,
  versions: readonly ("v1" | "v1a")[],
): Result<Claim, SignatureFault> {
  const family = headers.has("webhook-signature") ? "webhook" : "svix";
  const value = readHeader(headers, `${family}-signature`);
  if (!value.ok) return value;
  const id = readHeader(headers, `${family}-id`);
  if (!id.ok) return fail(id.error);
  // With a full stop in the id, another split of the same text would be signed as well.
  if (id.value.includes(".")) return fail("malformed");
  const timestamp = readTimestamp(headers, `${family}-timestamp`);
  if (!timestamp.ok) return fail(timestamp.error);
  const items = value.value.split(/\s+/).map((item) => item.split(","));
  const own = items.filter(([version]) => versions.some((known) => known === version));
  const signatures = boundSignatures(own.map(([, text]) => decodeSignature(text ?? "", "base64")));
  if (!signatures.ok) return signatures;
  return ok({
    signatures: signatures.value,
    signed_at_ms: timestamp.value.ms,
    covers: (body) => [signedBytes(id.value, timestamp.value.text, body)],
  });
}
