import { ok } from "../../model/result.ts";
import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * Facebook, Instagram and WhatsApp sign the body. `verify_token_hash` is the keyed hash of the token that Meta sends when a
 * subscription is made: https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validating-payloads
 */
export const meta = {
  secret: textSecret("vendor"),
  options: { takes: ["verify_token_hash"], complete: ({ verify_token_hash = "" }) => ok({ verify_token_hash }) },
  read: hmacHeader({ header: "x-hub-signature-256", prefix: "sha256=" }),
} satisfies InboundScheme;
