import type { Destination } from "../model/destination.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { importSecret } from "../signing/standard-webhooks.ts";

/** More keys than this are not kept; the cache then starts anew. */
const MOST_KEYS = 2_000;

/** Opens destinations' signing secrets, each once. */
export type Signers = {
  /** The keys that sign for a destination now; fails where a secret cannot be opened with this master key. */
  keysOf(destination: Destination, nowMs: number): Promise<Result<readonly CryptoKey[], "unopened">>;
};

/** Signers over a key ring. Imported keys are kept by their sealed text, which changes whenever the secret does. */
export function createSigners(ring: KeyRing): Signers {
  const kept = new Map<string, Promise<CryptoKey | null>>();

  async function open(sealed: string, destinationId: string): Promise<CryptoKey | null> {
    const secret = await ring.unseal(sealed, destinationId);
    return secret.ok ? importSecret(secret.value) : null;
  }

  function keyOf(sealed: string, destinationId: string): Promise<CryptoKey | null> {
    const name = `${destinationId} ${sealed}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    if (kept.size >= MOST_KEYS) kept.clear();
    const opening = open(sealed, destinationId);
    kept.set(name, opening);
    return opening;
  }

  return {
    async keysOf(destination, nowMs) {
      const valid = destination.signing_secrets.filter(
        (secret) => secret.expires_at === null || Date.parse(secret.expires_at) > nowMs,
      );
      const keys = await Promise.all(valid.map((secret) => keyOf(secret.sealed, destination.id)));
      const opened = keys.filter((key) => key !== null);
      return opened.length === 0 ? fail("unopened") : ok(opened);
    },
  };
}
