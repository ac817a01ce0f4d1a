import { type Result, fail, ok } from "../../model/result.ts";
import { type Claim, type SignatureFault, boundSignatures, parseTimestamp, readHeader } from "../claim.ts";
import { decodeSignature } from "../hmac.ts";
import { textSecret } from "../secrets.ts";
import { renderSigned } from "../template.ts";
import type { InboundScheme } from "./scheme.ts";

const HEADER = "stripe-signature";

function read(headers: Headers, header: string): Result<Claim, SignatureFault> {
  const value = readHeader(headers, header);
  if (!value.ok) return value;
  const items = value.value.split(",").map((item) => item.trim());
  const valuesOf = (name: string): readonly string[] =>
    items.filter((item) => item.startsWith(`${name}=`)).map((item) => item.slice(name.length + 1));
  const [timestamp, ...others] = valuesOf("t");
  const ms = timestamp === undefined || others.length > 0 ? null : parseTimestamp(timestamp);
  if (timestamp === undefined || ms === null) return fail("malformed");
  const signatures = boundSignatures(valuesOf("v1").map((text) => decodeSignature(text, "hex")));
  if (!signatures.ok) return signatures;
  return ok({
    repeat_mark: { kind: "message" },
    signatures: signatures.value,
    signed_at_ms: ms,
    covers: (body) => [renderSigned("{{timestamp}}.{{body}}", { id: "", timestamp, body })],
  });
}

/**
 * Stripe signs time and body, in one header `t=…,v1=…` with a `v1` for each secret in force. The key is the whole secret,
 * `whsec_` included. Other vendors copied it with a header of their own, such as Calendly: https://docs.stripe.com/webhooks#verify-manually
 */
export const stripe = {
  secret: textSecret("vendor"),
  options: { takes: ["header"], complete: ({ header = HEADER }) => ok({ header }) },
  read: ({ headers }, settings) => read(headers, settings.header ?? HEADER),
} satisfies InboundScheme;
