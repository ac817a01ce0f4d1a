import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * Sentry signs the body but not its time header:
 * https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
 */
export const sentry = {
  secret: textSecret("vendor"),
  options: null,
  read: hmacHeader({ header: "sentry-hook-signature" }),
} satisfies InboundScheme;
