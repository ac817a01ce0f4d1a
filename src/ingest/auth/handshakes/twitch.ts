import { type Handshake, echoText, isChallenge, readFields } from "./handshake.ts";

/** Twitch signs its challenge: https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#responding-to-a-challenge-request */
export const twitch: Handshake = {
  stage: "after_credentials",
  matches: (_integration, { headers }) =>
    headers.get("twitch-eventsub-message-type") === "webhook_callback_verification",
  async respond({ request }) {
    const fields = await readFields(request);
    return isChallenge(fields?.["challenge"]) ? echoText(fields["challenge"]) : null;
  },
};
