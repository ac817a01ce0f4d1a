import { outboundFetch } from "../../../net/outbound-fetch.ts";
import { type AllowedUrl, checkUrl } from "../../../net/url-guard.ts";
import type { Integration } from "../../../model/integration.ts";
import { isJsonObject } from "../../../model/json.ts";
import { logLine } from "../../../platform/log.ts";
import { describeFailure } from "../../../platform/with-timeout.ts";
import type { AuthResult } from "../auth-result.ts";
import type { AuthRequest } from "../credentials.ts";
import type { IngestError } from "../../errors.ts";

// Amazon SNS sends a topic's messages only to an address that has confirmed the subscription, by calling a URL that SNS
// posts to it: https://docs.aws.amazon.com/sns/latest/dg/sns-http-https-endpoint-as-subscriber.html

const CONFIRM_TIMEOUT_MS = 5_000;
const SNS_HOST = /^sns\.[a-z]{2}(?:-[a-z]+)+-\d{1,2}\.amazonaws\.com(?:\.cn)?$/;

function refused(error: IngestError): AuthResult {
  return { kind: "refused", error };
}

function refusedField(path: string, message: string): AuthResult {
  return refused({ reason: "invalid_fields", errors: [{ path, message }] });
}

function takesSns({ type, options }: Integration): boolean {
  if (type !== "rules") return false;
  const { rule_set, preprocess } = options;
  const steps: readonly unknown[] = Array.isArray(preprocess) ? preprocess : [];
  return rule_set === "cloudwatch" || steps.some((step) => isJsonObject(step) && step["type"] === "parse_sns");
}

/** Whether SNS asks an integration that is made for its messages to confirm a subscription. */
export function isSubscriptionConfirmation(integration: Integration, { headers }: AuthRequest): boolean {
  return takesSns(integration) && headers.get("x-amz-sns-message-type") === "SubscriptionConfirmation";
}

/** The URL to call, where it is one of SNS's own to confirm a subscription with; null for any other. */
export function readSubscribeUrl(text: string): AllowedUrl | null {
  const checked = checkUrl(text, { allowPrivate: false, ownHosts: [] });
  if (!checked.ok) return null;
  const { hostname, port, pathname, searchParams } = checked.value;
  const isConfirmation = pathname === "/" && searchParams.get("Action") === "ConfirmSubscription";
  return SNS_HOST.test(hostname) && port === "" && isConfirmation ? checked.value : null;
}

function readFields(body: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** The status that SNS answers with, or null where it could not be reached in time. */
async function call(url: AllowedUrl, integrationId: string): Promise<number | null> {
  const result = await outboundFetch({
    url,
    method: "GET",
    headers: {},
    body: null,
    timeout_ms: CONFIRM_TIMEOUT_MS,
    max_response_bytes: 0,
  });
  if (result.kind === "responded") return result.status;
  logLine("warn", "sns_not_reached", { integration_id: integrationId, error: describeFailure(result) });
  return null;
}

/** Confirms the subscription that a request tells of. */
export async function confirmSubscription(integration: Integration, request: AuthRequest): Promise<AuthResult> {
  const body = await request.body();
  if (!body.ok) return refused(body.error);
  const fields = readFields(body.value);
  if (fields === null) return refusedField("", "has to be a JSON object");
  const { SubscribeURL: given } = fields;
  const url = typeof given === "string" ? readSubscribeUrl(given) : null;
  if (url === null)
    return refusedField("SubscribeURL", "has to be an address of Amazon SNS to confirm a subscription at");
  const status = await call(url, integration.id);
  if (status === null || status >= 500) return refused({ reason: "confirmation_failed" });
  if (status !== 200) return refusedField("SubscribeURL", "was not accepted by Amazon SNS");
  logLine("info", "sns_confirmed", { integration_id: integration.id, host: url.hostname });
  return { kind: "answered", response: Response.json({ status: "success" }) };
}
