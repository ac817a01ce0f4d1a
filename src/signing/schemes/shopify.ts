import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * Shopify signs the body:
 * https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook
 */
export const shopify = {
  secret: textSecret("vendor"),
  options: null,
  read: hmacHeader({ header: "x-shopify-hmac-sha256", encoding: "base64" }),
} satisfies InboundScheme;
