import { fail, ok } from "../../model/result.ts";
import { boundSignatures, readHeader, readTimestamp } from "../claim.ts";
import { fromDer } from "../ecdsa.ts";
import { decodeSignature, joinBytes } from "../hmac.ts";
import { ecdsaKey } from "../keys.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * SendGrid's Event Webhook signs time and body with ECDSA:
 * https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
 */
export const sendgrid = {
  secret: {
    generated_prefix: null,
    form: "must be the verification key that SendGrid shows: the base64 of a public key for ECDSA with P-256",
    open: (secret) => ecdsaKey(decodeSignature(secret, "base64")),
  },
  options: null,
  read: ({ headers }) => {
    const value = readHeader(headers, "x-twilio-email-event-webhook-signature");
    if (!value.ok) return value;
    const timestamp = readTimestamp(headers, "x-twilio-email-event-webhook-timestamp");
    if (!timestamp.ok) return fail(timestamp.error);
    const signatures = boundSignatures([fromDer(decodeSignature(value.value, "base64"))]);
    if (!signatures.ok) return signatures;
    return ok({
      repeat_mark: { kind: "message" },
      signatures: signatures.value,
      signed_at_ms: timestamp.value.ms,
      covers: (body) => [joinBytes([timestamp.value.text, body])],
    });
  },
} satisfies InboundScheme;
