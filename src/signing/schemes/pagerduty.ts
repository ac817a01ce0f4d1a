import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * PagerDuty signs the body, with every secret in force:
 * https://developer.pagerduty.com/docs/webhooks/webhook-signatures/
 */
export const pagerduty = {
  secret: textSecret("vendor"),
  options: null,
  read: hmacHeader({ header: "x-pagerduty-signature", prefix: "v1=" }),
} satisfies InboundScheme;
