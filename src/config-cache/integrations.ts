import { LruMap } from "../platform/lru.ts";
import type { PrimaryDatabase } from "../platform/shards.ts";
import { waitUntil } from "cloudflare:workers";
import { type TimedFailure, type TimedResult, describeFailure, withTimeout } from "../platform/with-timeout.ts";
import type { Integration } from "../model/integration.ts";
import { type AddressedIntegration, findIntegrationAt } from "../storage/config/integrations.ts";
import { readRevision } from "../storage/config/revision.ts";
import { logLine } from "../platform/log.ts";

/** How long what was read is used without another look, in ms. */
const FRESH_MS = 5_000;
/** How long a look-up waits for the database, in ms. */
const READ_LIMIT_MS = 2_000;
/** How long a stale value is used before the database is tried again, in ms. */
const RETRY_MS = 1_000;
const MAX_HELD = 2_000;
const INTEGRATION_ID = /^int_[0-9a-z]{1,64}$/;

export type IntegrationLookup =
  | { readonly kind: "found"; readonly integration: Integration }
  | { readonly kind: "unknown" }
  | { readonly kind: "unavailable" };

/** The integrations that an isolate has seen of late, so that accepting a webhook need not read the database. */
export type IntegrationCache = {
  /** While the database fails, what was last read is given, however old. */
  find(id: string): Promise<IntegrationLookup>;
  /** To be called after a change, so that the next look-up sees it. */
  forget(id: string): void;
};

type Held = AddressedIntegration & { readonly fresh_until: number };
type Read = { readonly started_at: number; readonly result: Promise<AddressedIntegration | null> };

/** The revision of the configuration as it was read last, from a time on (ms). */
type Checked = { readonly revision: number; readonly since_ms: number };

/** Until when it may be used, where it would otherwise be until some time: an address that was replaced ends to the moment. */
function cutShort({ expires_at }: AddressedIntegration, until: number): number {
  return expires_at === null ? until : Math.min(until, expires_at);
}

function foundIn({ integration }: AddressedIntegration): IntegrationLookup {
  return { kind: "found", integration };
}

/** A cache over a database. */
export function createIntegrationCache(db: PrimaryDatabase, now: () => number): IntegrationCache {
  const held = new LruMap<string, Held>({ max: MAX_HELD });
  // Apart from the others, so that someone who tries ids cannot push out the integrations that exist.
  const unknownUntil = new LruMap<string, number>({ max: MAX_HELD });
  const reading = new LruMap<string, Read>({ max: MAX_HELD });

  let checked: Checked | null = null;
  let checking: Promise<Checked> | null = null;

  async function check(): Promise<Checked> {
    const since_ms = now();
    checked = { revision: await readRevision(db), since_ms };
    return checked;
  }

  /** The revision as it is now, give or take FRESH_MS: one read for all that is held, and for all who wait. */
  async function revisionNow(): Promise<TimedResult<Checked>> {
    if (checked !== null && now() - checked.since_ms < FRESH_MS) return { kind: "done", value: checked };
    const own = (checking ??= check().finally(() => {
      checking = null;
    }));
    waitUntil(withTimeout(READ_LIMIT_MS, () => own));
    const settled = await withTimeout(READ_LIMIT_MS, () => own);
    if (settled.kind === "timed_out") checking = null;
    return settled;
  }

  function store(id: string, read: Read, found: AddressedIntegration | null): void {
    if (reading.get(id) !== read) return;
    reading.delete(id);
    const fresh_until = read.started_at + FRESH_MS;
    if (found === null) {
      held.delete(id);
      unknownUntil.set(id, fresh_until);
    } else {
      unknownUntil.delete(id);
      held.set(id, { ...found, fresh_until: cutShort(found, fresh_until) });
    }
  }

  function startRead(id: string): Read {
    const read: Read = { started_at: now(), result: findIntegrationAt(db, id, new Date(now()).toISOString()) };
    reading.set(id, read);
    // Others wait for this read too: it has to outlive a sender that hangs up.
    waitUntil(withTimeout(READ_LIMIT_MS, () => read.result));
    return read;
  }

  function fallBack(id: string, settled: TimedFailure): IntegrationLookup {
    const stale = held.get(id);
    // Not by its address: that may be secret.
    const integration_id = stale?.integration.id;
    logLine("warn", "integration.read_failed", { integration_id, error: describeFailure(settled) });
    if (stale === undefined) return { kind: "unavailable" };
    if (stale.expires_at !== null && stale.expires_at <= now()) return { kind: "unknown" };
    held.set(id, { ...stale, fresh_until: Math.max(stale.fresh_until, cutShort(stale, now() + RETRY_MS)) });
    return foundIn(stale);
  }

  /** Takes what is held for as good as new where the configuration has not changed since; null where it has to be read again. */
  async function renew(id: string, known: Held): Promise<IntegrationLookup | null> {
    if (known.expires_at !== null && known.expires_at <= now()) return null;
    const settled = await revisionNow();
    const current = held.get(id);
    // Who waited for the same look may have come first; and it may have been forgotten meanwhile.
    if (current !== known) return current === undefined || now() >= current.fresh_until ? null : foundIn(current);
    if (settled.kind !== "done") return fallBack(id, settled);
    const { revision, since_ms } = settled.value;
    if (revision !== known.revision) return null;
    held.set(id, { ...known, fresh_until: cutShort(known, since_ms + FRESH_MS) });
    return foundIn(known);
  }

  return {
    async find(id) {
      if (!INTEGRATION_ID.test(id)) return { kind: "unknown" };
      const known = held.get(id);
      if (known !== undefined && now() < known.fresh_until) return foundIn(known);
      if (now() < (unknownUntil.get(id) ?? 0)) return { kind: "unknown" };
      if (known !== undefined) {
        const looked = await renew(id, known);
        if (looked !== null) return looked;
      }
      const read = reading.get(id) ?? startRead(id);
      const settled = await withTimeout(READ_LIMIT_MS, () => read.result);
      if (settled.kind !== "done") {
        if (reading.get(id) === read) reading.delete(id);
        return fallBack(id, settled);
      }
      store(id, read, settled.value);
      return settled.value === null ? { kind: "unknown" } : foundIn(settled.value);
    },
    forget(id) {
      for (const [address, { integration }] of held.entries()) if (integration.id === id) held.delete(address);
      unknownUntil.delete(id);
      // Which integration a read under way will find is not known yet: none of them is kept.
      reading.clear();
    },
  };
}
