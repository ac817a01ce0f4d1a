import { type Handshake, echoJson, echoesUnsigned, isChallenge, isShort, readFields } from "./handshake.ts";

const MAX_BYTES = 2_048;

/** monday.com posts a challenge, and nothing else: https://developer.monday.com/api-reference/reference/webhooks */
export const monday: Handshake = {
  stage: "before_credentials",
  matches: (integration, request) =>
    request.method === "POST" && isShort(request, MAX_BYTES) && echoesUnsigned(integration),
  word: "challenge",
  async respond({ request }) {
    const fields = await readFields(request);
    if (fields === null || Object.keys(fields).length !== 1) return null;
    const { challenge } = fields;
    return isChallenge(challenge) ? echoJson("challenge", challenge) : null;
  },
};
