import {
  type Handshake,
  MAX_CHALLENGE,
  echoText,
  isChallenge,
  refused,
  refusedField,
  usesScheme,
} from "./handshake.ts";

/**
 * Meta asks for its challenge when a subscription is made, and names a verify token instead of signing the request:
 * https://developers.facebook.com/docs/graph-api/webhooks/getting-started
 */
export const meta: Handshake = {
  stage: "before_credentials",
  matches: (integration, request) =>
    usesScheme(integration, "meta") &&
    request.method === "GET" &&
    // The URL is parsed when it is read, so it is read last.
    request.url.searchParams.get("hub.mode") === "subscribe",
  async respond({ integration: { auth }, request, context: { keys } }) {
    const { searchParams } = request.url;
    const hash = auth.type === "signature" && auth.scheme === "meta" ? (auth.verify_token_hash ?? "") : "";
    const token = searchParams.get("hub.verify_token") ?? "";
    if (token === "" || !(await keys.tokenMatches(token, hash))) return refused({ reason: "bad_token" });
    const challenge = searchParams.get("hub.challenge");
    if (!isChallenge(challenge)) {
      return refusedField("hub.challenge", `must be 1 to ${MAX_CHALLENGE} characters long`);
    }
    return echoText(challenge);
  },
};
