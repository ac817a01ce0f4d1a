import { type GatewayKey, publicJwk } from "../crypto/gateway-key.ts";

/** How long a receiver may keep the key set, in seconds. */
const MAX_AGE_SECONDS = 3_600;

/** Returns the JSON Web Key Set (RFC 7517) that holds the public half of the gateway's key. */
export function jwksResponse({ id, public_key }: Pick<GatewayKey, "id" | "public_key">): Response {
  const key = {
    ...publicJwk(public_key),
    kid: id,
    use: "sig",
    alg: "EdDSA",
    // The same key in the format that Standard Webhooks libraries read.
    whpk: `whpk_${public_key.toBase64()}`,
  };
  return new Response(JSON.stringify({ keys: [key] }), {
    headers: { "content-type": "application/jwk-set+json", "cache-control": `public, max-age=${MAX_AGE_SECONDS}` },
  });
}
