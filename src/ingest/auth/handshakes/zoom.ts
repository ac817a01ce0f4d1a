import { memberOf } from "../../../model/json.ts";
import { hmac, utf8 } from "../../../signing/hmac.ts";
import { type Handshake, isChallenge, readFields, responded, usesScheme } from "./handshake.ts";

/** Zoom asks every 72 hours: https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint */
export const zoom: Handshake = {
  stage: "after_credentials",
  matches: (integration) => usesScheme(integration, "zoom"),
  async respond({ request, signed_by }) {
    const fields = await readFields(request);
    const plainToken = memberOf(fields?.["payload"], "plainToken");
    if (fields?.["event"] !== "endpoint.url_validation" || !isChallenge(plainToken)) return null;
    if (signed_by?.kind !== "hmac") return null;
    const encryptedToken = (await hmac(signed_by.key, utf8(plainToken))).toHex();
    return responded(Response.json({ plainToken, encryptedToken }));
  },
};
