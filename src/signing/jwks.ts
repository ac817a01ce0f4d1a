import { type GatewayKey, publicJwk } from "../crypto/gateway-key.ts";

type PublicKey = Pick<GatewayKey, "id" | "public_key">;

/** How long a receiver may keep the key set, in seconds. */
const MAX_AGE_SECONDS = 3_600;

function jwkOf({ id, public_key }: PublicKey): object {
  return {
    ...publicJwk(public_key),
    kid: id,
    use: "sig",
    alg: "EdDSA",
    // The same key in the format that Standard Webhooks libraries read.
    whpk: `whpk_${public_key.toBase64()}`,
  };
}

/**
 * Returns the JSON Web Key Set (RFC 7517) with the public halves of the gateway's keys: the one in use, and those that it
 * replaced while they still sign.
 */
export function jwksResponse(keys: readonly PublicKey[]): Response {
  return new Response(JSON.stringify({ keys: keys.map(jwkOf) }), {
    headers: { "content-type": "application/jwk-set+json", "cache-control": `public, max-age=${MAX_AGE_SECONDS}` },
  });
}
