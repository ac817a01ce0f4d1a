import { type Handshake, echoText, echoesUnsigned, isChallenge, isSubscribing, usesScheme } from "./handshake.ts";

/**
 * A WebSub hub asks whether a subscription is wanted. The end of one is not confirmed: a stranger can ask a hub for it.
 * https://www.w3.org/TR/websub/#hub-verifies-intent
 */
export const webSub: Handshake = {
  stage: "before_credentials",
  matches: (integration, request) =>
    isSubscribing(request) && !usesScheme(integration, "meta") && echoesUnsigned(integration),
  respond({ request: { url } }) {
    const challenge = url.searchParams.get("hub.challenge");
    return Promise.resolve(isChallenge(challenge) ? echoText(challenge) : null);
  },
};
