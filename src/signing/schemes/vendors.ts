import type { HmacFormat } from "../../model/integration-auth.ts";

const BARE_HEX = {
  algorithm: "sha256",
  encoding: "hex",
  prefix: "",
  timestamp_header: null,
  id_header: null,
  template: "{{body}}",
} as const;

/** The schemes that are an HMAC in a header of its own, by vendor. */
export const VENDOR_FORMATS = {
  // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
  github: { ...BARE_HEX, header: "x-hub-signature-256", prefix: "sha256=" },
  // https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validating-payloads
  meta: { ...BARE_HEX, header: "x-hub-signature-256", prefix: "sha256=" },
  // https://docs.slack.dev/authentication/verifying-requests-from-slack
  slack: {
    ...BARE_HEX,
    header: "x-slack-signature",
    prefix: "v0=",
    timestamp_header: "x-slack-request-timestamp",
    template: "v0:{{timestamp}}:{{body}}",
  },
  // https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events
  zoom: {
    ...BARE_HEX,
    header: "x-zm-signature",
    prefix: "v0=",
    timestamp_header: "x-zm-request-timestamp",
    template: "v0:{{timestamp}}:{{body}}",
  },
  // https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook
  shopify: { ...BARE_HEX, header: "x-shopify-hmac-sha256", encoding: "base64" },
  // https://developer.pagerduty.com/docs/webhooks/webhook-signatures/ (a list while secrets are rotated)
  pagerduty: { ...BARE_HEX, header: "x-pagerduty-signature", prefix: "v1=" },
  // https://docs.sentry.io/organization/integrations/integration-platform/webhooks/ (its time stamp is not signed)
  sentry: { ...BARE_HEX, header: "sentry-hook-signature" },
  // https://linear.app/developers/webhooks#securing-webhooks
  linear: { ...BARE_HEX, header: "linear-signature" },
} as const satisfies Record<string, HmacFormat>;

/**
 * Grafana signs the body, or `time:body` where its contact point names a header for the time:
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export function grafanaFormat(header: string, timestampHeader: string | null): HmacFormat {
  return {
    ...BARE_HEX,
    header,
    timestamp_header: timestampHeader,
    template: timestampHeader === null ? "{{body}}" : "{{timestamp}}:{{body}}",
  };
}
