import { type Handshake, echoText, echoesUnsigned, isChallenge } from "./handshake.ts";

/**
 * Microsoft Graph, and SharePoint with a name in lower case, post an empty body with a token to echo within 10 seconds:
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 */
export const graph: Handshake = {
  stage: "before_credentials",
  matches: (integration, { method, query }) =>
    method === "POST" && /(?:^|&)validationtoken=/i.test(query) && echoesUnsigned(integration),
  async respond({ request }) {
    const body = await request.body();
    if (!body.ok || body.value.byteLength > 0) return null;
    const entry = [...request.url.searchParams].find(([name]) => name.toLowerCase() === "validationtoken");
    return isChallenge(entry?.[1]) ? echoText(entry[1]) : null;
  },
};
