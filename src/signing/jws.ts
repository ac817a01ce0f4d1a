import type { GatewayKey } from "../crypto/gateway-key.ts";

const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
const encoder = new TextEncoder();

function part(value: object): string {
  return encoder.encode(JSON.stringify(value)).toBase64(BASE64URL);
}

/** Returns a compact JWS (RFC 7515) of a payload, signed with Ed25519 (RFC 8037). */
export async function signJws(
  payload: object,
  { id, private_key }: Pick<GatewayKey, "id" | "private_key">,
): Promise<string> {
  const signed = `${part({ alg: "EdDSA", kid: id })}.${part(payload)}`;
  const signature = await crypto.subtle.sign("Ed25519", private_key, encoder.encode(signed));
  return `${signed}.${new Uint8Array(signature).toBase64(BASE64URL)}`;
}
