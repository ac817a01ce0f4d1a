import type { HmacAlgorithm } from "../model/integration-auth.ts";
import { hmac, importHmacKey } from "./hmac.ts";

/** A key that makes signatures. `id` names the key to receivers and reveals nothing of a secret. */
export type SigningKey = { readonly kind: "hmac" | "ed25519"; readonly key: CryptoKey; readonly id: string };

const ID_BYTES = 8;

/** Returns a key over a shared secret. Its id is the hex of the first 8 bytes of the secret's SHA-256. */
export async function hmacSigningKey(algorithm: HmacAlgorithm, secret: Uint8Array): Promise<SigningKey> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", secret));
  return { kind: "hmac", key: await importHmacKey(algorithm, secret), id: digest.subarray(0, ID_BYTES).toHex() };
}

export async function signBytes({ kind, key }: SigningKey, message: Uint8Array): Promise<Uint8Array> {
  switch (kind) {
    case "hmac":
      return await hmac(key, message);
    case "ed25519":
      return new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, key, message));
  }
}
