import type { Integration } from "../../../model/integration.ts";
import type { KeyRing } from "../../../crypto/key-ring.ts";
import type { AuthResult } from "../auth-result.ts";
import type { AuthRequest } from "../credentials.ts";

const MAX_CHALLENGE = 1_024;

/** Whether Meta asks if this address wants its subscription: https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
export function isSubscription({ auth }: Integration, request: AuthRequest): boolean {
  if (auth.type !== "signature" || auth.scheme !== "meta" || request.method !== "GET") return false;
  // The address is taken apart by who asks for it, so only here.
  return request.url.searchParams.get("hub.mode") === "subscribe";
}

/** Gives the challenge back to one who knows the verify token: that request is not signed. */
export async function answerSubscription(
  { auth }: Integration,
  { url }: AuthRequest,
  keys: KeyRing,
): Promise<AuthResult> {
  const hash = auth.type === "signature" && auth.scheme === "meta" ? (auth.verify_token_hash ?? "") : "";
  const token = url.searchParams.get("hub.verify_token") ?? "";
  if (token === "" || !(await keys.tokenMatches(token, hash))) {
    return { kind: "refused", error: { reason: "bad_token" } };
  }
  const challenge = url.searchParams.get("hub.challenge") ?? "";
  if (challenge === "" || challenge.length > MAX_CHALLENGE) {
    const message = `has to be 1 to ${MAX_CHALLENGE} characters long`;
    return {
      kind: "refused",
      error: { reason: "invalid_fields", errors: [{ path: "hub.challenge", message }] },
    };
  }
  const headers = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" };
  return { kind: "answered", response: new Response(challenge, { headers }) };
}
