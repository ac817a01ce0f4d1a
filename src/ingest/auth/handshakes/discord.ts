import { type Handshake, readFields, responded, usesScheme } from "./handshake.ts";

/**
 * Discord pings interactions with type 1, and event webhooks, whose events have that type, with type 0:
 * https://docs.discord.com/developers/events/webhook-events#preparing-for-events
 */
export const discord: Handshake = {
  stage: "after_credentials",
  matches: (integration) => usesScheme(integration, "discord"),
  async respond({ request }) {
    const fields = await readFields(request);
    if (fields?.["type"] === 0) return responded(new Response(null, { status: 204 }));
    if (fields?.["type"] !== 1 || fields["event"] !== undefined) return null;
    return responded(Response.json({ type: 1 }));
  },
};
