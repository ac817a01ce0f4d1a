import type { JsonObject } from "../../client/index.ts";
import { field, object } from "../rows.ts";
import type { Session } from "../session.ts";

/** The headers by which vendors sign their webhooks, and name what they are about. */
const OF_VENDORS = [
  "linear-signature",
  "sentry-hook-resource",
  "sentry-hook-signature",
  "sentry-hook-timestamp",
  "stripe-signature",
  "x-github-delivery",
  "x-github-event",
  "x-gitlab-event",
  "x-grafana-alerting-signature",
  "x-hub-signature-256",
  "x-pagerduty-signature",
  "x-shopify-hmac-sha256",
  "x-shopify-topic",
  "x-signature-ed25519",
  "x-signature-timestamp",
  "x-slack-request-timestamp",
  "x-slack-signature",
  "x-twilio-signature",
  "x-zm-request-timestamp",
  "x-zm-signature",
] as const;

/** Headers that a destination cannot forward: the gateway writes them itself, or they are credentials. */
const NOT_FORWARDED = /^(?:webhook-.*|signature|signature-input|content-digest|authorization)$/;

/** The fields of a destination that gets the body as it arrived, with the headers of the sender's signature and others. */
export async function asReceived(
  { api }: Session,
  integration: string,
  more: readonly string[] = [],
): Promise<JsonObject> {
  const auth = object(await api.get("/integrations/{id}", { params: { id: integration } }), "auth");
  const header = field(auth, "header").toLowerCase();
  const isOwn = field(auth, "type") === "signature" && header !== "" && !NOT_FORWARDED.test(header);
  const names = [...OF_VENDORS, ...(isOwn ? [header] : []), ...more.map((name) => name.toLowerCase())];
  return { payload: { mode: "original" }, forward_headers: [...new Set(names)] };
}
