import { type Handshake, echoJson, echoesUnsigned, isChallenge } from "./handshake.ts";

const HEADER = "x-okta-verification-challenge";

/** Okta gets the address with a challenge in a header: https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request */
export const okta: Handshake = {
  stage: "before_credentials",
  matches: (integration, { method, headers }) => method === "GET" && headers.has(HEADER) && echoesUnsigned(integration),
  respond({ request: { headers } }) {
    const challenge = headers.get(HEADER);
    return Promise.resolve(isChallenge(challenge) ? echoJson("verification", challenge) : null);
  },
};
