import { waitUntil } from "cloudflare:workers";
import { type DataKeys, importDataKeys } from "../crypto/data-keys.ts";
import type { KeySource } from "../crypto/key-ring.ts";
import { KeysUnavailableError } from "../crypto/keys-unavailable.ts";
import { type MasterKey, openMasterKey } from "../crypto/master-key.ts";
import { type MasterKeys, type OpenedKey, newKeys, newSigningKey, openKeys, rewrapped } from "../crypto/wraps.ts";
import { KEY_PURPOSES, type StoredKey } from "../model/key.ts";
import { logLine } from "../platform/log.ts";
import type { PrimaryDatabase } from "../platform/shards.ts";
import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import { insertMissingKeys, readKeys, readKeysInUse, storeWraps } from "../storage/config/keys.ts";

/** How long reading the keys may take, in ms. */
const READ_TIMEOUT_MS = 3_000;
/** How long earlier keys are used after they could not be read again, in ms. */
const RETRY_MS = 5_000;

/** `MASTER_KEY` and `MASTER_KEY_PREVIOUS`, each 32 bytes. */
export type MasterKeyBytes = {
  readonly master_key: Uint8Array<ArrayBuffer>;
  readonly master_key_previous: Uint8Array<ArrayBuffer> | null;
};

/** The keys of a gateway as an isolate holds them: read once, and again only if a value names one that is unknown. */
export type KeyStore = KeySource & {
  /** Returns the ids of the master keys that are set. */
  masterKeyIds(): Promise<{ readonly current: string; readonly previous: string | null }>;
  /** Wraps the keys under the master keys that are set, and drops wraps that nothing needs. Returns the number of keys. */
  rewrap(): Promise<number>;
  /** Returns a new signing key, which is not stored yet. */
  newSigningKey(): Promise<StoredKey>;
  /** Must be called after a change, so that the next use sees it. */
  forget(): void;
};

type Snapshot = { readonly opened: readonly OpenedKey[]; readonly keys: DataKeys; readonly read_at: number };

/**
 * Returns the master key that the first version derived its keys from; null for a gateway without any config. Throws if
 * that differs from those that are set: storing other keys would lock the config for good.
 */
async function derivedFrom(db: PrimaryDatabase, { current, previous }: MasterKeys): Promise<MasterKey | null> {
  const { has_config, ids } = await readKeysInUse(db);
  if (!has_config) return null;
  if (ids.size === 0) return previous ?? current;
  const used = [current, previous].find((master) => master !== null && ids.has(master.id)) ?? null;
  if (used === null) throw new KeysUnavailableError("other_master_key");
  return used;
}

/** Reads the keys. The first isolate of a gateway makes them. */
async function readOrMake(db: PrimaryDatabase, masters: MasterKeys, nowMs: number): Promise<readonly StoredKey[]> {
  const stored = await readKeys(db);
  if (KEY_PURPOSES.every((purpose) => stored.some((key) => key.purpose === purpose))) return stored;
  const from = stored.length === 0 ? await derivedFrom(db, masters) : null;
  return await insertMissingKeys(db, await newKeys(masters, from, nowMs));
}

/** Makes a store over a database. `now` is in ms. */
export function createKeyStore(db: PrimaryDatabase, bytes: MasterKeyBytes, now: () => number): KeyStore {
  let opening: Promise<MasterKeys> | null = null;
  let snapshot: Snapshot | null = null;
  let reading: Promise<Snapshot> | null = null;
  let failed_at = Number.NEGATIVE_INFINITY;

  async function openMasters(): Promise<MasterKeys> {
    const { master_key, master_key_previous: before } = bytes;
    const [current, previous] = await Promise.all([
      openMasterKey(master_key),
      before === null ? null : openMasterKey(before),
    ]);
    // The two are equal between the first and the second step of a rotation.
    return { current, previous: previous?.id === current.id ? null : previous };
  }
  const masters = (): Promise<MasterKeys> => (opening ??= openMasters());

  async function read(): Promise<Snapshot> {
    const read_at = now();
    const own = await masters();
    const opened = await openKeys(await readOrMake(db, own, read_at), own, snapshot?.opened);
    return { opened, keys: await importDataKeys(opened), read_at };
  }

  /** Reads the keys, once for all that wait. Returns earlier ones if they cannot be read. */
  async function renew(): Promise<Snapshot> {
    const own = (reading ??= read());
    // Other requests wait for this read: it must survive a sender that hangs up.
    waitUntil(withTimeout(READ_TIMEOUT_MS, () => own));
    const result = await withTimeout(READ_TIMEOUT_MS, () => own);
    if (reading === own) {
      reading = null;
      if (result.kind === "done") snapshot = result.value;
    }
    if (result.kind === "done") return result.value;
    if (result.kind === "failed" && result.error instanceof KeysUnavailableError) throw result.error;
    logLine("error", "keys.read_failed", { error: describeFailure(result) });
    if (snapshot === null) throw new KeysUnavailableError("unreadable");
    failed_at = now();
    return snapshot;
  }

  async function load(maxAgeMs = Number.POSITIVE_INFINITY): Promise<DataKeys> {
    if (snapshot === null) return (await renew()).keys;
    const isFresh = now() - snapshot.read_at < maxAgeMs;
    return isFresh || now() - failed_at < RETRY_MS ? snapshot.keys : (await renew()).keys;
  }

  return {
    load,
    async masterKeyIds() {
      const { current, previous } = await masters();
      return { current: current.id, previous: previous?.id ?? null };
    },
    async rewrap() {
      // A gateway that has received nothing since its upgrade has not stored its keys yet.
      await load();
      const opened = await masters();
      let count = 0;
      for (const key of await readKeys(db)) {
        const wraps = await rewrapped(key, opened, now());
        if (wraps !== null && (await storeWraps(db, key, wraps))) count += 1;
      }
      return count;
    },
    newSigningKey: async () => await newSigningKey(await masters(), now()),
    forget() {
      if (snapshot !== null) snapshot = { ...snapshot, read_at: Number.NEGATIVE_INFINITY };
      reading = null;
    },
  };
}
