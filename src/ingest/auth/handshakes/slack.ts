import { type Handshake, isChallenge, readFields, responded, usesScheme } from "./handshake.ts";

/** Slack asks once, when an address is entered: https://docs.slack.dev/reference/events/url_verification */
export const slack: Handshake = {
  stage: "after_credentials",
  matches: (integration) => usesScheme(integration, "slack"),
  async respond({ request }) {
    const fields = await readFields(request);
    if (fields?.["type"] !== "url_verification" || !isChallenge(fields["challenge"])) return null;
    return responded(Response.json({ challenge: fields["challenge"] }));
  },
};
