import { type IntegrationAuth, credentialsInForce } from "../../model/integration-auth.ts";
import type { KeyRing } from "../../crypto/key-ring.ts";
import { openSecret } from "../../signing/inbound.ts";
import type { VerifyingKey } from "../../signing/keys.ts";
import { LruMap } from "../../platform/lru.ts";

const MAX_KEYS = 2_000;

type SignatureAuth = Extract<IntegrationAuth, { type: "signature" }>;

/** The keys that senders may sign with now, the current one first. `unopened`: that many more cannot be opened. */
export type KeysInForce = { readonly keys: readonly VerifyingKey[]; readonly unopened: number };

/** Opens the signature secrets of integrations, each once. */
export type VerifyingKeys = {
  keysOf(integrationId: string, auth: SignatureAuth, nowMs: number): Promise<KeysInForce>;
};

/** Makes verifying keys over a key ring. They are cached by their sealed text, which changes with the secret. */
export function createVerifyingKeys(ring: KeyRing): VerifyingKeys {
  const cached = new LruMap<string, Promise<VerifyingKey | null>>({ max: MAX_KEYS });

  async function open(integrationId: string, auth: SignatureAuth, sealed: string): Promise<VerifyingKey | null> {
    const secret = await ring.unseal(sealed, integrationId);
    if (!secret.ok) return null;
    return await openSecret(auth, secret.value);
  }

  async function keyOf(integrationId: string, auth: SignatureAuth, sealed: string): Promise<VerifyingKey | null> {
    const algorithm = auth.algorithm ?? "";
    const name = [integrationId, auth.scheme, algorithm, sealed].join(" ");
    const known = cached.get(name);
    if (known !== undefined) return await known;
    const opening = open(integrationId, auth, sealed);
    cached.set(name, opening);
    const key = await opening;
    // The key that sealed it may be on record later.
    if (key === null) cached.delete(name);
    return key;
  }

  return {
    async keysOf(integrationId, auth, nowMs) {
      // The sender publishes its keys.
      if (auth.sealed_secret === "") return { keys: [], unopened: 0 };
      await ring.ready();
      const sealed = credentialsInForce(auth.sealed_secret, auth, nowMs);
      const opened = await Promise.all(sealed.map((each) => keyOf(integrationId, auth, each)));
      const keys = opened.filter((key) => key !== null);
      return { keys, unopened: opened.length - keys.length };
    },
  };
}
