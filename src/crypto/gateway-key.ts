/** The key pair with which a gateway signs. `id` is its JWK thumbprint (RFC 7638). */
export type GatewayKey = { readonly id: string; readonly private_key: CryptoKey; readonly public_key: Uint8Array };

export const SEED_BYTES = 32;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;

// PKCS #8 around an Ed25519 seed (RFC 8410, section 7): the bytes before the seed are constant.
const PKCS8_HEAD = Uint8Array.fromHex("302e020100300506032b657004220420");

/** Returns a public key as a JWK (RFC 8037), without an id or a use. */
export function publicJwk(publicKey: Uint8Array): { readonly crv: string; readonly kty: string; readonly x: string } {
  // The thumbprint requires this order of members.
  return { crv: "Ed25519", kty: "OKP", x: publicKey.toBase64(BASE64URL) };
}

async function publicHalf(pkcs8: Uint8Array): Promise<Uint8Array> {
  const extractable = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "Ed25519" }, true, ["sign"]);
  const jwk = await crypto.subtle.exportKey("jwk", extractable);
  if (jwk instanceof ArrayBuffer || jwk.x === undefined) throw new Error("An Ed25519 key was exported without its x.");
  return Uint8Array.fromBase64(jwk.x, { alphabet: "base64url" });
}

/** Returns the key pair of a seed of 32 bytes. Its private half cannot be exported. */
export async function importGatewayKey(seed: Uint8Array): Promise<GatewayKey> {
  const pkcs8 = new Uint8Array([...PKCS8_HEAD, ...seed]);
  const [private_key, public_key] = await Promise.all([
    crypto.subtle.importKey("pkcs8", pkcs8, { name: "Ed25519" }, false, ["sign"]),
    publicHalf(pkcs8),
  ]);
  const thumbprint = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(JSON.stringify(publicJwk(public_key))),
  );
  return { id: new Uint8Array(thumbprint).toBase64(BASE64URL), private_key, public_key };
}
