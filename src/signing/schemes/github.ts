import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/** GitHub and Gitea sign the body: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
export const github = {
  secret: textSecret("gateway"),
  options: null,
  read: hmacHeader({ header: "x-hub-signature-256", prefix: "sha256=" }),
} satisfies InboundScheme;
