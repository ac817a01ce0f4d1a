import { fail, ok } from "../../model/result.ts";
import { boundSignatures, readHeader, readTimestamp } from "../claim.ts";
import { decodeSignature, joinBytes } from "../hmac.ts";
import { publicKey } from "../keys.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * Discord signs time and body with Ed25519:
 * https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
 */
export const discord = {
  secret: {
    generated_prefix: null,
    form: "must be the application's public key: 64 hexadecimal digits",
    open: (secret) => publicKey(decodeSignature(secret, "hex")),
  },
  options: null,
  read: ({ headers }) => {
    const value = readHeader(headers, "x-signature-ed25519");
    if (!value.ok) return value;
    const timestamp = readTimestamp(headers, "x-signature-timestamp");
    if (!timestamp.ok) return fail(timestamp.error);
    const signatures = boundSignatures([decodeSignature(value.value, "hex")]);
    if (!signatures.ok) return signatures;
    return ok({
      repeat_mark: { kind: "message" },
      signatures: signatures.value,
      signed_at_ms: timestamp.value.ms,
      covers: (body) => [joinBytes([timestamp.value.text, body])],
    });
  },
} satisfies InboundScheme;
