import { isJsonObject } from "../../model/json.ts";
import { hmacHeader } from "../hmac-header.ts";
import { hmac, utf8 } from "../hmac.ts";
import type { VerifyingKey } from "../keys.ts";
import { textSecret } from "../secrets.ts";
import { type InboundScheme, isChallenge } from "./scheme.ts";

// Zoom asks every 72 hours: https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint
async function handshake(
  { event, payload }: Readonly<Record<string, unknown>>,
  key: VerifyingKey | null,
): Promise<Response | null> {
  if (event !== "endpoint.url_validation" || !isJsonObject(payload) || key?.kind !== "hmac") return null;
  const { plainToken } = payload;
  if (!isChallenge(plainToken)) return null;
  return Response.json({ plainToken, encryptedToken: (await hmac(key.key, utf8(plainToken))).toHex() });
}

/** Zoom signs time and body: https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events */
export const zoom = {
  secret: textSecret("vendor"),
  options: null,
  read: hmacHeader({
    header: "x-zm-signature",
    prefix: "v0=",
    timestamp_header: "x-zm-request-timestamp",
    template: "v0:{{timestamp}}:{{body}}",
  }),
  handshake,
} satisfies InboundScheme;
