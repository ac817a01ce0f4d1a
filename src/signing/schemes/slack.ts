import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/** Slack signs time and body: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const slack = {
  secret: textSecret("vendor"),
  options: null,
  read: hmacHeader({
    header: "x-slack-signature",
    prefix: "v0=",
    timestamp_header: "x-slack-request-timestamp",
    template: "v0:{{timestamp}}:{{body}}",
  }),
} satisfies InboundScheme;
