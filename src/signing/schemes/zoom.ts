import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/** Zoom signs time and body: https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events */
export const zoom = {
  secret: textSecret("vendor"),
  options: null,
  read: hmacHeader({
    header: "x-zm-signature",
    prefix: "v0=",
    timestamp_header: "x-zm-request-timestamp",
    template: "v0:{{timestamp}}:{{body}}",
  }),
} satisfies InboundScheme;
