import { type Handshake, echoText, echoesUnsigned, isChallenge } from "./handshake.ts";

/** Dropbox gets the address with a challenge, and nothing else: https://www.dropbox.com/developers/reference/webhooks#documentation */
export const dropbox: Handshake = {
  stage: "before_credentials",
  matches: (integration, { method, query }) =>
    method === "GET" && /^challenge=[^&]+$/.test(query) && echoesUnsigned(integration),
  respond({ request: { url } }) {
    const challenge = url.searchParams.get("challenge");
    return Promise.resolve(isChallenge(challenge) ? echoText(challenge) : null);
  },
};
