import { outboundFetch } from "../../../net/outbound-fetch.ts";
import { type AllowedUrl, checkUrl } from "../../../net/url-guard.ts";
import type { Integration } from "../../../model/integration.ts";
import { isJsonObject } from "../../../model/json.ts";
import { logLine } from "../../../platform/log.ts";
import { describeFailure } from "../../../platform/with-timeout.ts";
import { SNS_HOST } from "../../../signing/schemes/sns.ts";
import { type Handshake, parseFields, refused, refusedField, responded, usesScheme } from "./handshake.ts";

const CONFIRM_TIMEOUT_MS = 5_000;

/** The rule sets of products that notify through SNS. */
const SNS_RULE_SETS = ["awsbudgets", "awshealth", "cloudwatch"] as const;

function readsSns(integration: Integration): boolean {
  if (usesScheme(integration, "sns")) return true;
  const { type, options } = integration;

  if (type !== "rules") return false;
  const { rule_set, preprocess } = options;
  const steps: readonly unknown[] = Array.isArray(preprocess) ? preprocess : [];
  return (
    SNS_RULE_SETS.some((name) => name === rule_set) ||
    steps.some((step) => isJsonObject(step) && step["type"] === "parse_sns")
  );
}

/** Returns the URL that confirms a subscription, or null if it is not one of Amazon SNS. */
export function readSubscribeUrl(text: string): AllowedUrl | null {
  const checked = checkUrl(text, { allowPrivate: false, ownHosts: [] });
  if (!checked.ok) return null;
  const { hostname, port, pathname, searchParams } = checked.value;
  const isConfirmation = pathname === "/" && searchParams.get("Action") === "ConfirmSubscription";
  return SNS_HOST.test(hostname) && port === "" && isConfirmation ? checked.value : null;
}

/** Calls the URL and returns the status of the response, or null if SNS was not reached in time. */
async function confirm(url: AllowedUrl, integrationId: string): Promise<number | null> {
  const result = await outboundFetch({
    url,
    method: "GET",
    headers: {},
    body: null,
    timeout_ms: CONFIRM_TIMEOUT_MS,
    max_response_bytes: 0,
  });
  if (result.kind === "responded") return result.status;
  logLine("warn", "sns_subscription.confirm_failed", { integration_id: integrationId, error: describeFailure(result) });
  return null;
}

/**
 * Amazon SNS sends a topic's messages only to an address that has confirmed the subscription, by calling a URL that SNS
 * posts to it: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html
 */
export const sns: Handshake = {
  stage: "after_credentials",
  matches: (integration, { headers }) =>
    readsSns(integration) && headers.get("x-amz-sns-message-type") === "SubscriptionConfirmation",
  async respond({ integration, request }) {
    const body = await request.body();
    if (!body.ok) return refused(body.error);
    const fields = parseFields(body.value);
    if (fields === null) return refusedField("", "must be a JSON object");
    const { SubscribeURL: given } = fields;
    const url = typeof given === "string" ? readSubscribeUrl(given) : null;
    if (url === null) return refusedField("SubscribeURL", "must be a URL of Amazon SNS that confirms a subscription");
    const status = await confirm(url, integration.id);
    if (status === null || status >= 500) return refused({ reason: "confirmation_failed" });
    if (status !== 200) return refusedField("SubscribeURL", "was not accepted by Amazon SNS");
    logLine("info", "sns_subscription.confirmed", { integration_id: integration.id, host: url.hostname });
    return responded(Response.json({ status: "success" }));
  },
};
