import { isList, memberOf } from "../../../model/json.ts";
import type { AuthRequest } from "../credentials.ts";
import { type Handshake, echoJson, echoesUnsigned, isChallenge, isShort, readJson } from "./handshake.ts";

const MAX_BYTES = 4_096;
const EVENT_TYPE = "microsoft.eventgrid.subscriptionvalidationevent";

function isAnnounced({ headers }: AuthRequest): boolean {
  return headers.get("aeg-event-type")?.toLowerCase() === "subscriptionvalidation";
}

/**
 * Azure Event Grid posts a code, in a list of one event. The event names its type, too, in case a proxy drops the header:
 * https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
 */
export const eventGrid: Handshake = {
  stage: "before_credentials",
  matches: (integration, request) =>
    (isAnnounced(request) || (request.method === "POST" && isShort(request, MAX_BYTES))) && echoesUnsigned(integration),
  word: "validationCode",
  async respond({ request }) {
    const parsed = await readJson(request);
    const event = isList(parsed) ? parsed[0] : parsed;
    const type = memberOf(event, "eventType");
    const isOne = isAnnounced(request) || (typeof type === "string" && type.toLowerCase() === EVENT_TYPE);
    const code = isOne ? memberOf(memberOf(event, "data"), "validationCode") : null;
    return isChallenge(code) ? echoJson("validationResponse", code) : null;
  },
};
