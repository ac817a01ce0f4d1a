import { type IntegrationAuth, credentialsInForce } from "../../model/integration-auth.ts";
import type { KeyRing } from "../../crypto/key-ring.ts";
import { openSecret } from "../../signing/inbound.ts";
import type { VerifyingKey } from "../../signing/keys.ts";
import { LruMap } from "../../platform/lru.ts";

const MAX_KEYS = 2_000;

type SignatureAuth = Extract<IntegrationAuth, { type: "signature" }>;

/** Opens the signature secrets of integrations, each once. */
export type VerifyingKeys = {
  /** Returns the keys that senders may sign with now, the current one first. Empty if no secret opens with this master key. */
  keysOf(integrationId: string, auth: SignatureAuth, nowMs: number): Promise<readonly VerifyingKey[]>;
};

/** Makes verifying keys over a key ring. They are cached by their sealed text, which changes with the secret. */
export function createVerifyingKeys(ring: KeyRing): VerifyingKeys {
  const cached = new LruMap<string, Promise<VerifyingKey | null>>({ max: MAX_KEYS });

  async function open(integrationId: string, auth: SignatureAuth, sealed: string): Promise<VerifyingKey | null> {
    const secret = await ring.unseal(sealed, integrationId);
    if (!secret.ok) return null;
    return await openSecret(auth, secret.value);
  }

  function keyOf(integrationId: string, auth: SignatureAuth, sealed: string): Promise<VerifyingKey | null> {
    const algorithm = auth.algorithm ?? "";
    const name = [integrationId, auth.scheme, algorithm, sealed].join(" ");
    const known = cached.get(name);
    if (known !== undefined) return known;
    const opening = open(integrationId, auth, sealed);
    cached.set(name, opening);
    return opening;
  }

  return {
    async keysOf(integrationId, auth, nowMs) {
      const sealed = credentialsInForce(auth.sealed_secret, auth, nowMs);
      const keys = await Promise.all(sealed.map((each) => keyOf(integrationId, auth, each)));
      return keys.filter((key) => key !== null);
    },
  };
}
