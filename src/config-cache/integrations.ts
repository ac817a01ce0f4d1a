import { LruMap } from "../platform/lru.ts";
import type { PrimaryDatabase } from "../platform/shards.ts";
import { waitUntil } from "cloudflare:workers";
import { type TimedFailure, describeFailure, withTimeout } from "../platform/with-timeout.ts";
import type { Integration } from "../model/integration.ts";
import { type AddressedIntegration, findIntegrationAt } from "../storage/config/integrations.ts";
import { isSchemaFault } from "../platform/schema-fault.ts";
import { logLine } from "../platform/log.ts";
import type { AddressList } from "./addresses.ts";
import { FRESH_MS, READ_TIMEOUT_MS, type RevisionCheck } from "./revision.ts";

/** How long a stale value is used before the database is tried again, in ms. */
const RETRY_MS = 1_000;
const MAX_CACHED = 2_000;
const ADDRESS = /^int_[0-9a-z]{1,64}$/;

export type IntegrationLookup =
  | { readonly kind: "found"; readonly integration: Integration }
  | { readonly kind: "unknown" }
  | { readonly kind: "unavailable" };

/** The integrations that an isolate has used lately, so that accepting a webhook need not read the database. */
export type IntegrationCache = {
  /**
   * Finds an integration by its address. While the database fails, returns the last known value, however old. Throws if the
   * database lacks its tables.
   */
  find(address: string): Promise<IntegrationLookup>;
  /** Must be called after a change, so that the next look-up sees it. */
  forget(integrationId: string): void;
};

type Cached = AddressedIntegration & { readonly fresh_until: number };
type Read = { readonly started_at: number; readonly result: Promise<AddressedIntegration | null> };

/** Bounds a time by the end of a replaced address, which must stop at that moment. */
function boundByExpiry({ expires_at }: AddressedIntegration, until: number): number {
  return expires_at === null ? until : Math.min(until, expires_at);
}

function lookupOf({ integration }: AddressedIntegration): IntegrationLookup {
  return { kind: "found", integration };
}

/** Makes a cache over a database. `addresses` says which are made up. `now` is in ms. */
export function createIntegrationCache(
  db: PrimaryDatabase,
  addresses: AddressList,
  revisionNow: RevisionCheck,
  now: () => number,
): IntegrationCache {
  const cached = new LruMap<string, Cached>({ max: MAX_CACHED });
  // Unknown addresses have a map of their own, so that a scan cannot push out the integrations that exist.
  const unknownUntil = new LruMap<string, number>({ max: MAX_CACHED });
  const reading = new LruMap<string, Read>({ max: MAX_CACHED });

  function store(address: string, read: Read, found: AddressedIntegration | null): void {
    if (reading.get(address) !== read) return;
    reading.delete(address);
    const fresh_until = read.started_at + FRESH_MS;
    if (found === null) {
      cached.delete(address);
      unknownUntil.set(address, fresh_until);
    } else {
      unknownUntil.delete(address);
      cached.set(address, { ...found, fresh_until: boundByExpiry(found, fresh_until) });
    }
  }

  function startRead(address: string): Read {
    const read: Read = { started_at: now(), result: findIntegrationAt(db, address, new Date(now()).toISOString()) };
    reading.set(address, read);
    // Other requests wait for this read: it must survive a sender that hangs up.
    waitUntil(withTimeout(READ_TIMEOUT_MS, () => read.result));
    return read;
  }

  function fallBack(address: string, result: TimedFailure): IntegrationLookup {
    const stale = cached.get(address);
    // Not by its address: that may be secret.
    const integration_id = stale?.integration.id;
    logLine("warn", "integration.read_failed", { integration_id, error: describeFailure(result) });
    if (stale === undefined) {
      // A database without tables does not come back by itself: the response must say what to run.
      if (result.kind === "failed" && isSchemaFault(result.error)) throw result.error;
      return { kind: "unavailable" };
    }
    if (stale.expires_at !== null && stale.expires_at <= now()) return { kind: "unknown" };
    cached.set(address, { ...stale, fresh_until: Math.max(stale.fresh_until, boundByExpiry(stale, now() + RETRY_MS)) });
    return lookupOf(stale);
  }

  /** Extends a known value if the config has not changed since it was read. Returns null if it must be read again. */
  async function renew(address: string, known: Cached): Promise<IntegrationLookup | null> {
    if (known.expires_at !== null && known.expires_at <= now()) return null;
    const result = await revisionNow();
    const current = cached.get(address);
    // Another request that waited for the same check may have extended it, or a change may have dropped it.
    if (current !== known) return current === undefined || now() >= current.fresh_until ? null : lookupOf(current);
    if (result.kind !== "done") return fallBack(address, result);
    const { revision, since_ms } = result.value;
    if (revision !== known.revision) return null;
    cached.set(address, { ...known, fresh_until: boundByExpiry(known, since_ms + FRESH_MS) });
    return lookupOf(known);
  }

  return {
    async find(address) {
      if (!ADDRESS.test(address)) return { kind: "unknown" };
      const known = cached.get(address);
      if (known !== undefined && now() < known.fresh_until) return lookupOf(known);
      if (now() < (unknownUntil.get(address) ?? 0)) return { kind: "unknown" };
      if (known !== undefined) {
        const renewed = await renew(address, known);
        if (renewed !== null) return renewed;
      } else if (!(await addresses.mayExist(address))) return { kind: "unknown" };
      const read = reading.get(address) ?? startRead(address);
      const result = await withTimeout(READ_TIMEOUT_MS, () => read.result);
      if (result.kind !== "done") {
        if (reading.get(address) === read) reading.delete(address);
        return fallBack(address, result);
      }
      store(address, read, result.value);
      return result.value === null ? { kind: "unknown" } : lookupOf(result.value);
    },
    forget(id) {
      for (const [address, { integration }] of cached.entries()) if (integration.id === id) cached.delete(address);
      unknownUntil.delete(id);
      addresses.forget();
      // It is not known yet which integration a read in flight will find, so none of them is kept.
      reading.clear();
    },
  };
}
