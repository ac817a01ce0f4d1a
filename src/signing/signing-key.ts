import type { HmacAlgorithm } from "../model/integration-auth.ts";
import { hmac, importHmacKey } from "./hmac.ts";

/** What makes signatures. `id` tells a receiver which key it was, and nothing of a secret that it does not have. */
export type SigningKey = { readonly kind: "hmac" | "ed25519"; readonly key: CryptoKey; readonly id: string };

const ID_BYTES = 8;

/** A key over a shared secret; its id is the hex of the first 8 bytes of the secret's SHA-256. */
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
