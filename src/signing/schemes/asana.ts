import { ok } from "../../model/result.ts";
import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * Asana signs the body with a key that it makes for each webhook and sends once, before the first event.
 * `verify_token_hash` is the keyed hash of the token that the address must have for that.
 * https://developers.asana.com/docs/webhooks-guide#security
 */
export const asana = {
  secret: { ...textSecret("vendor"), is_learned: true },
  options: { takes: ["verify_token_hash"], complete: ({ verify_token_hash = "" }) => ok({ verify_token_hash }) },
  read: hmacHeader({ header: "x-hook-signature" }),
} satisfies InboundScheme;
