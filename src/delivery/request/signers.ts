import type { Destination, Signing } from "../../model/destination.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type KeyRing, unsealStored } from "../../crypto/key-ring.ts";
import { LruMap } from "../../platform/lru.ts";
import { keySourceOf, openSigningSecret, signRequest } from "../../signing/outbound.ts";
import type { Signable } from "../../signing/schemes/scheme.ts";
import type { SigningKey } from "../../signing/signing-key.ts";

const MAX_KEYS = 2_000;

/** Signs requests by the scheme of their destination. Each secret is opened once. */
export type Signers = {
  /**
   * Returns the headers of a signed request, always with `webhook-id` and `webhook-timestamp`; the error is for the log.
   * Throws a KeysUnavailableError if the gateway cannot use its keys.
   */
  sign(destination: Destination, request: Signable): Promise<Result<Readonly<Record<string, string>>, string>>;
};

const UNOPENED = "The signing secret cannot be opened. Rotate it, or enter it again.";

/** Creates signers over a key ring. Imported keys are cached by their sealed text, which changes with the secret. */
export function createSigners(ring: KeyRing): Signers {
  const kept = new LruMap<string, Promise<SigningKey | null>>({ max: MAX_KEYS });

  async function open(sealed: string, signing: Signing, destinationId: string): Promise<SigningKey | null> {
    const secret = await unsealStored(ring, sealed, destinationId);
    return secret.ok ? await openSigningSecret(signing, secret.value) : null;
  }

  async function keyOf(sealed: string, signing: Signing, destinationId: string): Promise<SigningKey | null> {
    // The same secret makes another key under another scheme.
    const algorithm = signing.scheme === "hmac" ? signing.algorithm : "";
    const name = `${destinationId} ${signing.scheme} ${algorithm} ${sealed}`;
    const known = kept.get(name);
    if (known !== undefined) return await known;
    const opening = open(sealed, signing, destinationId);
    kept.set(name, opening);
    try {
      return await opening;
    } catch (error) {
      // The key that sealed it may be on record later.
      kept.delete(name);
      throw error;
    }
  }

  async function secretKeys(destination: Destination, nowMs: number): Promise<readonly SigningKey[]> {
    await ring.ready();
    const inForce = destination.signing_secrets.filter(
      ({ expires_at }) => expires_at === null || Date.parse(expires_at) > nowMs,
    );
    const keys = await Promise.all(inForce.map(({ sealed }) => keyOf(sealed, destination.signing, destination.id)));
    return keys.filter((key) => key !== null);
  }

  async function keysOf(destination: Destination, nowMs: number): Promise<Result<readonly SigningKey[], string>> {
    switch (keySourceOf(destination.signing).kind) {
      case "secrets": {
        const keys = await secretKeys(destination, nowMs);
        return keys.length === 0 ? fail(UNOPENED) : ok(keys);
      }
      case "gateway": {
        const pairs = await ring.signingKeys(nowMs);
        return ok(pairs.map(({ id, private_key }) => ({ kind: "ed25519", key: private_key, id })));
      }
      case "nothing":
        return ok([]);
    }
  }

  return {
    async sign(destination, request) {
      const keys = await keysOf(destination, request.now_ms);
      return keys.ok ? await signRequest(destination.signing, keys.value, request) : keys;
    },
  };
}
