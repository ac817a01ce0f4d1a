import {
  type Handshake,
  MAX_CHALLENGE,
  echoHeader,
  echoesUnsigned,
  isHeaderValue,
  refused,
  refusedField,
  usesScheme,
} from "./handshake.ts";

const HEADER = "x-hook-secret";
/** The body is empty, or an empty map. */
const MAX_BYTES = 2;

/**
 * Asana posts the key of its later signatures, and wants it back in the response. An integration with the scheme `asana` stores
 * the key, if the address has its token; others do not, because anybody can post one.
 * https://developers.asana.com/docs/webhooks-guide#the-webhook-handshake
 */
export const asana: Handshake = {
  stage: "before_credentials",
  matches: (integration, { method, headers }) =>
    method === "POST" && headers.has(HEADER) && !headers.has("x-hook-signature") && echoesUnsigned(integration),
  async respond({ integration, request, context }) {
    const secret = request.headers.get(HEADER);
    const body = await request.body();
    if (!body.ok || body.value.byteLength > MAX_BYTES) return null;
    if (!usesScheme(integration, "asana")) return isHeaderValue(secret) ? echoHeader(HEADER, secret) : null;
    // Loaded only here, because a webhook is set up once.
    const { learnKey } = await import("../learn-key.ts");
    if (!isHeaderValue(secret)) {
      return refusedField(HEADER, `must be 1 to ${MAX_CHALLENGE} printable ASCII characters without spaces`);
    }
    const error = await learnKey(context, integration, request, secret);
    return error === null ? echoHeader(HEADER, secret) : refused(error);
  },
};
