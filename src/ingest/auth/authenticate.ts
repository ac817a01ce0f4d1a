import type { AuthResult } from "./auth-result.ts";
import type { Context } from "../../context.ts";
import type { Integration } from "../../model/integration.ts";
import { isAllowed, senderAddress } from "./allow-list.ts";
import { type AuthRequest, checkCredentials } from "./credentials.ts";
import type { IngestError } from "../errors.ts";
import { answerSubscription, isSubscription } from "./handshakes/meta.ts";
import { confirmSubscription, isSubscriptionConfirmation } from "./handshakes/sns.ts";
import { answerHandshake } from "./handshakes/handshake.ts";

function refused(error: IngestError): AuthResult {
  return { kind: "refused", error };
}

/**
 * Whether a request may come in: from where it comes, who sent it, how much was sent, in the order of what each costs.
 * Handshakes are answered only then, for an answer shows that the secret is known here.
 */
export async function authenticate(
  integration: Integration,
  request: AuthRequest,
  context: Context,
  nowMs: number,
): Promise<AuthResult> {
  const { allowed_ips } = integration;
  if (allowed_ips !== null && !isAllowed(allowed_ips, senderAddress(request.headers))) {
    return refused({ reason: "address_not_allowed" });
  }
  if (isSubscription(integration, request)) return await answerSubscription(integration, request, context.keys);
  const checked = await checkCredentials(integration, request, context, nowMs);
  if (!checked.ok) return refused(checked.error);
  const { rate_limit } = integration;
  const waitSeconds =
    rate_limit === null ? null : context.caches.rate_limiter.charge(integration.id, rate_limit, nowMs);
  if (waitSeconds !== null) return refused({ reason: "rate_limited", retry_after_seconds: waitSeconds });
  if (isSubscriptionConfirmation(integration, request)) return await confirmSubscription(integration, request);
  return await answerHandshake(integration, request, checked.value);
}
