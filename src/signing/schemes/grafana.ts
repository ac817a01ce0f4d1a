import { ok } from "../../model/result.ts";
import { hmacHeader } from "../hmac-header.ts";
import { textSecret } from "../secrets.ts";
import type { GivenOptions, InboundScheme } from "./scheme.ts";

function headersOf({ header, timestamp_header }: GivenOptions) {
  return { header: header ?? "x-grafana-alerting-signature", timestamp_header: timestamp_header ?? null };
}

/**
 * Grafana signs the body, or `time:body` if its contact point names a header for the time:
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const grafana = {
  secret: textSecret("gateway"),
  options: { takes: ["header", "timestamp_header"], complete: (given) => ok(headersOf(given)) },
  read: (head, settings) => {
    const headers = headersOf(settings);
    const template = headers.timestamp_header === null ? "{{body}}" : "{{timestamp}}:{{body}}";
    return hmacHeader({ ...headers, template })(head);
  },
} satisfies InboundScheme;
