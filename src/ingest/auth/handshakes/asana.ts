import { type Handshake, echoHeader, echoesUnsigned, isChallenge } from "./handshake.ts";

const HEADER = "x-hook-secret";
/** The body is empty, or an empty map. */
const MAX_BYTES = 2;

/**
 * Asana posts the key of its later signatures, and wants it back in the response. It is not stored: anybody can post one.
 * https://developers.asana.com/docs/webhooks-guide#the-webhook-handshake
 */
export const asana: Handshake = {
  stage: "before_credentials",
  matches: (integration, { method, headers }) =>
    method === "POST" && headers.has(HEADER) && !headers.has("x-hook-signature") && echoesUnsigned(integration),
  async respond({ request }) {
    const secret = request.headers.get(HEADER);
    const body = await request.body();
    if (!body.ok || body.value.byteLength > MAX_BYTES || !isChallenge(secret)) return null;
    return echoHeader(HEADER, secret);
  },
};
