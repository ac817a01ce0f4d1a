import { type Result, fail, ok } from "../../model/result.ts";
import { type Claim, type SignatureFault, boundSignatures, readHeader, readTimestamp } from "../claim.ts";
import { decodeSignature, joinBytes } from "../hmac.ts";

/** Discord's Ed25519 over time and body: https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint */
export function readDiscord(headers: Headers): Result<Claim, SignatureFault> {
  const value = readHeader(headers, "x-signature-ed25519");
  if (!value.ok) return value;
  const timestamp = readTimestamp(headers, "x-signature-timestamp");
  if (!timestamp.ok) return fail(timestamp.error);
  const signatures = boundSignatures([decodeSignature(value.value, "hex")]);
  if (!signatures.ok) return signatures;
  return ok({
    signatures: signatures.value,
    signed_at_ms: timestamp.value.ms,
    covers: (body) => [joinBytes([timestamp.value.text, body])],
  });
}
