import type { KeyPurpose } from "../model/key.ts";
import { type GatewayKey, importGatewayKey } from "./gateway-key.ts";
import { KeysUnavailableError } from "./keys-unavailable.ts";
import type { OpenedKey } from "./wraps.ts";

/** A key pair that signs until `expires_at`; null for the one in use. */
export type SigningPair = GatewayKey & { readonly expires_at: string | null };

type SecretPurpose = Exclude<KeyPurpose, "sign">;

/** The keys of a gateway, as far as the master keys open them. */
export type DataKeys = {
  /** An id of the gateway. It is no secret, and stays the same in a rotation. */
  readonly gateway_id: string;
  /** When the key that makes checksums was created, in ms since 1970: addresses from before have none. */
  readonly checksums_since: number;
  /** By purpose and id. The first is the one in use. */
  readonly secrets: Readonly<Record<SecretPurpose, ReadonlyMap<string, CryptoKey>>>;
  /** Returns the key pairs that sign at a time, the one in use first. Throws if one of them cannot be opened. */
  readonly signing: (nowMs: number) => Promise<readonly [SigningPair, ...SigningPair[]]>;
};

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

async function importSecret(purpose: SecretPurpose, bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return purpose === "seal"
    ? await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"])
    : await crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign"]);
}

function newestFirst(keys: readonly OpenedKey[], purpose: KeyPurpose): OpenedKey[] {
  return keys
    .filter((key) => key.purpose === purpose)
    .toSorted((a, b) => (a.created_at === b.created_at ? 0 : a.created_at < b.created_at ? 1 : -1));
}

async function importSecrets(
  keys: readonly OpenedKey[],
  purpose: SecretPurpose,
): Promise<ReadonlyMap<string, CryptoKey>> {
  const imported = new Map<string, CryptoKey>();
  for (const { id, bytes } of newestFirst(keys, purpose)) {
    if (bytes !== null) imported.set(id, await importSecret(purpose, bytes));
  }
  return imported;
}

async function importSigningPair({ bytes, expires_at }: OpenedKey): Promise<SigningPair> {
  if (bytes === null) throw new KeysUnavailableError("other_master_key");
  return { ...(await importGatewayKey(bytes)), expires_at };
}

/** Imports keys. Signing keys are imported on first use, because an isolate that only receives needs none. */
export async function importDataKeys(keys: readonly OpenedKey[]): Promise<DataKeys> {
  const [seal, hash, address] = await Promise.all([
    importSecrets(keys, "seal"),
    importSecrets(keys, "hash"),
    importSecrets(keys, "address"),
  ]);
  const addresses = newestFirst(keys, "address");
  const signing = newestFirst(keys, "sign");
  const pairs = new Map<string, Promise<SigningPair>>();
  const pairOf = (key: OpenedKey): Promise<SigningPair> => {
    const pair = pairs.get(key.id) ?? importSigningPair(key);
    pairs.set(key.id, pair);
    return pair;
  };
  return {
    gateway_id: addresses.at(-1)?.id ?? "",
    checksums_since: Date.parse(addresses[0]?.created_at ?? "") || 0,
    secrets: { seal, hash, address },
    async signing(nowMs) {
      const inForce = signing.filter(({ expires_at }) => expires_at === null || Date.parse(expires_at) > nowMs);
      const [current, ...others] = await Promise.all(inForce.map(pairOf));
      if (current === undefined) throw new KeysUnavailableError("unknown_key");
      return [current, ...others];
    },
  };
}
