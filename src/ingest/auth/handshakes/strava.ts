import { type Handshake, echoJson, echoesUnsigned, isSubscribing, usesScheme } from "./handshake.ts";

/** Meta, which asks with the same parameters and wants text, sends a short decimal number. */
const CHALLENGE = /^[0-9a-f]{32}$/i;

/** Strava asks like Meta, and wants its challenge as JSON: https://developers.strava.com/docs/webhooks/ */
export const strava: Handshake = {
  stage: "before_credentials",
  matches: (integration, request) =>
    isSubscribing(request) && !usesScheme(integration, "meta") && echoesUnsigned(integration),
  respond({ request: { url } }) {
    const { searchParams } = url;
    const challenge = searchParams.get("hub.challenge") ?? "";
    const isItsOwn = searchParams.has("hub.verify_token") && !searchParams.has("hub.topic");
    return Promise.resolve(isItsOwn && CHALLENGE.test(challenge) ? echoJson("hub.challenge", challenge) : null);
  },
};
