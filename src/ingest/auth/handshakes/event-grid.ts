import { isList, memberOf } from "../../../model/json.ts";
import { type Handshake, echoJson, echoesUnsigned, isChallenge, readJson } from "./handshake.ts";

/**
 * Azure Event Grid posts a code, in a list of one event:
 * https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
 */
export const eventGrid: Handshake = {
  stage: "before_credentials",
  matches: (integration, { headers }) =>
    headers.get("aeg-event-type") === "SubscriptionValidation" && echoesUnsigned(integration),
  async respond({ request }) {
    const parsed = await readJson(request);
    const event = isList(parsed) ? parsed[0] : parsed;
    const code = memberOf(memberOf(event, "data"), "validationCode");
    return isChallenge(code) ? echoJson("validationResponse", code) : null;
  },
};
