import { KEY_PURPOSES, type KeyPurpose, type StoredKey, type Wrap } from "../model/key.ts";
import { importGatewayKey } from "./gateway-key.ts";
import { KEY_BYTES, type MasterKey, randomBytes, randomKeyId } from "./master-key.ts";

/** The master keys that are set. `previous` is there while `MASTER_KEY` is being rotated. */
export type MasterKeys = { readonly current: MasterKey; readonly previous: MasterKey | null };

/**
 * How long a wrap under the present master key must exist until those under others are dropped, in ms. Isolates of the
 * deployment before have ended by then.
 */
const DROP_AFTER_MS = 3_600_000;

/** The name that a key is wrapped under, so that the wraps of two rows cannot be exchanged. */
function nameOf({ purpose, id }: Pick<StoredKey, "purpose" | "id">): string {
  return `${purpose}.${id}`;
}

async function wrapsOf(
  key: Pick<StoredKey, "purpose" | "id">,
  bytes: Uint8Array<ArrayBuffer>,
  { current, previous }: MasterKeys,
  nowMs: number,
): Promise<Record<string, Wrap>> {
  const name = nameOf(key);
  const wraps = { [current.id]: { wrapped: await current.wrap(bytes, name), at: nowMs } };
  // Older than the other by a moment: only a gateway with the newer master key may drop wraps of the older one.
  if (previous !== null) wraps[previous.id] = { wrapped: await previous.wrap(bytes, name), at: nowMs - 1 };
  return wraps;
}

/** Returns the bytes of a key, or null if none of the master keys wrapped it. */
export async function unwrapKey(
  key: StoredKey,
  { current, previous }: MasterKeys,
): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const master of [current, previous]) {
    const wrap = master === null ? undefined : key.wraps[master.id];
    const bytes = wrap === undefined ? null : ((await master?.unwrap(wrap.wrapped, nameOf(key))) ?? null);
    if (bytes !== null) return bytes;
  }
  return null;
}

/** A stored key with its bytes, which are null if none of the master keys wrapped it. */
export type OpenedKey = StoredKey & { readonly bytes: Uint8Array<ArrayBuffer> | null };

/** Unwraps keys. Those that were opened before stay open, even if the wrap of this gateway has been dropped. */
export async function openKeys(
  stored: readonly StoredKey[],
  masters: MasterKeys,
  before: readonly OpenedKey[] = [],
): Promise<readonly OpenedKey[]> {
  const known = new Map(before.map((key) => [nameOf(key), key.bytes]));
  return await Promise.all(
    stored.map(async (key) => ({ ...key, bytes: known.get(nameOf(key)) ?? (await unwrapKey(key, masters)) })),
  );
}

/**
 * Returns the wraps that a key should have, or null if it has them: under both master keys while `MASTER_KEY` is being
 * rotated, and an hour after that under the present one only.
 */
export async function rewrapped(
  key: StoredKey,
  masters: MasterKeys,
  nowMs: number,
): Promise<StoredKey["wraps"] | null> {
  const { current, previous } = masters;
  const own = key.wraps[current.id];
  if (previous !== null) {
    const before = key.wraps[previous.id];
    if (own !== undefined && before !== undefined && own.at > before.at) return null;
    const bytes = await unwrapKey(key, masters);
    return bytes === null ? null : { ...key.wraps, ...(await wrapsOf(key, bytes, masters, nowMs)) };
  }
  if (own === undefined || own.at > nowMs - DROP_AFTER_MS) return null;
  const kept = Object.entries(key.wraps).filter(([id, { at }]) => id === current.id || at >= own.at);
  if (kept.length === Object.keys(key.wraps).length || (await unwrapKey(key, masters)) === null) return null;
  return Object.fromEntries(kept);
}

type KeyToStore = { readonly purpose: KeyPurpose; readonly id: string; readonly bytes: Uint8Array<ArrayBuffer> };

async function stored({ purpose, id, bytes }: KeyToStore, masters: MasterKeys, nowMs: number): Promise<StoredKey> {
  const created_at = new Date(nowMs).toISOString();
  return { purpose, id, created_at, expires_at: null, wraps: await wrapsOf({ purpose, id }, bytes, masters, nowMs) };
}

/** Returns a new random signing key. */
export async function newSigningKey(masters: MasterKeys, nowMs: number): Promise<StoredKey> {
  const bytes = randomBytes(KEY_BYTES);
  const { id } = await importGatewayKey(bytes);
  return await stored({ purpose: "sign", id, bytes }, masters, nowMs);
}

/**
 * Returns a key for each purpose: random ones, or for a gateway of the first version those that it derived from the master
 * key `from`, under the ids that its values name.
 */
export async function newKeys(
  masters: MasterKeys,
  from: MasterKey | null,
  nowMs: number,
): Promise<readonly StoredKey[]> {
  const derived = (await from?.derive()) ?? null;
  const id = from?.id ?? randomKeyId();
  const keys = KEY_PURPOSES.map(async (purpose) => {
    const bytes = derived === null || purpose === "address" ? randomBytes(KEY_BYTES) : derived[purpose];
    const own = purpose === "sign" ? (await importGatewayKey(bytes)).id : id;
    return await stored({ purpose, id: own, bytes }, masters, nowMs);
  });
  return await Promise.all(keys);
}
