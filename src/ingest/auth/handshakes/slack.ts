import { type Handshake, echoJson, isChallenge, isShort, readFields, usesScheme } from "./handshake.ts";

const MAX_BYTES = 2_048;

/**
 * Slack asks once, when an address is entered, and signs the request. An integration without a signature echoes it, too.
 * https://docs.slack.dev/reference/events/url_verification
 */
export const slack: Handshake = {
  stage: "after_credentials",
  matches: (integration, request) =>
    request.method === "POST" && (usesScheme(integration, "slack") || isShort(request, MAX_BYTES)),
  word: "url_verification",
  async respond({ request }) {
    const fields = await readFields(request);
    if (fields?.["type"] !== "url_verification" || !isChallenge(fields["challenge"])) return null;
    return echoJson("challenge", fields["challenge"]);
  },
};
