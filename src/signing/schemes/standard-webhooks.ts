import { type Result, fail, ok } from "../../model/result.ts";
import { type Claim, type SignatureFault, boundSignatures, readHeader, readTimestamp } from "../claim.ts";
import { decodeSignature } from "../hmac.ts";
import { type VerifyingKey, hmacKey, publicKey } from "../keys.ts";
import { openWebhookSecret, publicKeyBytes, secretBytes, signedHeaders, signedMessage } from "../standard-webhooks.ts";
import type { InboundScheme, OutboundScheme } from "./scheme.ts";

// Vendors show secrets with and without their prefix; Supabase shows `v1,whsec_…`.
async function openSecret(secret: string): Promise<VerifyingKey | null> {
  if (secret.startsWith("whpk_")) return await publicKey(publicKeyBytes(secret));
  const bare = secret.replace(/^v1,/, "").replace(/^whsec_/, "");
  const bytes = secretBytes(`whsec_${bare}`);
  return bytes === null ? null : await hmacKey("sha256", bytes);
}

function read(headers: Headers, keys: readonly VerifyingKey[]): Result<Claim, SignatureFault> {
  // Svix names the same headers `svix-…`.
  const family = headers.has("webhook-signature") ? "webhook" : "svix";
  const value = readHeader(headers, `${family}-signature`);
  if (!value.ok) return value;
  const id = readHeader(headers, `${family}-id`);
  if (!id.ok) return fail(id.error);
  // A full stop in the id would let the same signed text be split in two ways.
  if (id.value.includes(".")) return fail("malformed");
  const timestamp = readTimestamp(headers, `${family}-timestamp`);
  if (!timestamp.ok) return fail(timestamp.error);
  const versions = keys.map(({ kind }) => (kind === "ed25519" ? "v1a" : "v1"));
  const items = value.value.split(/\s+/).map((item) => item.split(","));
  const own = items.filter(([version]) => versions.some((known) => known === version));
  const signatures = boundSignatures(own.map(([, text]) => decodeSignature(text ?? "", "base64")));
  if (!signatures.ok) return signatures;
  return ok({
    repeat_mark: { kind: "id", id: id.value },
    signatures: signatures.value,
    signed_at_ms: timestamp.value.ms,
    covers: (body) => [signedMessage(id.value, timestamp.value.text, body)],
  });
}

/** Standard Webhooks in both directions: a secret or, inbound, a public key over id, time and body. */
export const standardWebhooks = {
  secret: {
    generated_prefix: "whsec_",
    form: 'must be "whsec_" and the base64 of 24 to 64 bytes, or a public key: "whpk_" and the base64 of 32',
    open: openSecret,
  },
  options: null,
  read: ({ headers }, _settings, keys) => read(headers, keys),
  key_source: { kind: "secrets", form: "whsec", open: openWebhookSecret },
  sign: async (keys, { id, now_ms, body }) => ok(await signedHeaders(keys, id, Math.floor(now_ms / 1_000), body)),
} satisfies InboundScheme & OutboundScheme;
