import { waitUntil } from "cloudflare:workers";
import { type Settled, settleWithin } from "../http/time-limit.ts";
import type { Integration } from "../model/integration.ts";
import { type AddressedIntegration, findIntegrationAt } from "../storage/integrations.ts";
import { describeError, logLine } from "../telemetry/log.ts";

/** How long what was read is used without another look, in ms. */
const FRESH_MS = 5_000;
/** How long a look-up waits for the database, in ms. */
const READ_LIMIT_MS = 2_000;
/** How long a stale value is used before the database is tried again, in ms. */
const RETRY_MS = 1_000;
const MOST_HELD = 2_000;
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

/** Until when it may be used, where it would otherwise be until some time: an address that was replaced ends to the moment. */
function cutShort({ expires_at }: AddressedIntegration, until: number): number {
  return expires_at === null ? until : Math.min(until, expires_at);
}

/** Puts a value last in line to be dropped. */
function put<T>(map: Map<string, T>, id: string, value: T): void {
  map.delete(id);
  map.set(id, value);
  for (const oldest of map.keys()) {
    if (map.size <= MOST_HELD) return;
    map.delete(oldest);
  }
}

/** A cache over a database. */
export function createIntegrationCache(db: D1Database, now: () => number): IntegrationCache {
  const held = new Map<string, Held>();
  // Apart from the others, so that someone who tries ids cannot push out the integrations that exist.
  const unknownUntil = new Map<string, number>();
  const reading = new Map<string, Read>();

  function store(id: string, read: Read, found: AddressedIntegration | null): void {
    if (reading.get(id) !== read) return;
    reading.delete(id);
    const fresh_until = read.started_at + FRESH_MS;
    if (found === null) {
      held.delete(id);
      put(unknownUntil, id, fresh_until);
    } else {
      unknownUntil.delete(id);
      put(held, id, { ...found, fresh_until: cutShort(found, fresh_until) });
    }
  }

  function startRead(id: string): Read {
    const read: Read = { started_at: now(), result: findIntegrationAt(db, id, new Date(now()).toISOString()) };
    put(reading, id, read);
    // Others wait for this read too: it has to outlive a sender that hangs up.
    waitUntil(settleWithin(READ_LIMIT_MS, () => read.result));
    return read;
  }

  function fallBack(id: string, read: Read, settled: Exclude<Settled<unknown>, { kind: "done" }>): IntegrationLookup {
    if (reading.get(id) === read) {
      reading.delete(id);
      const error = settled.kind === "failed" ? describeError(settled.error) : settled.kind;
      logLine("warn", "integration_not_read", { integration_id: id, error });
    }
    const stale = held.get(id);
    if (stale === undefined) return { kind: "unavailable" };
    if (stale.expires_at !== null && stale.expires_at <= now()) return { kind: "unknown" };
    put(held, id, { ...stale, fresh_until: Math.max(stale.fresh_until, cutShort(stale, now() + RETRY_MS)) });
    return { kind: "found", integration: stale.integration };
  }

  return {
    async find(id) {
      if (!INTEGRATION_ID.test(id)) return { kind: "unknown" };
      const known = held.get(id);
      if (known !== undefined && now() < known.fresh_until) return { kind: "found", integration: known.integration };
      if (now() < (unknownUntil.get(id) ?? 0)) return { kind: "unknown" };
      const read = reading.get(id) ?? startRead(id);
      const settled = await settleWithin(READ_LIMIT_MS, () => read.result);
      if (settled.kind !== "done") return fallBack(id, read, settled);
      store(id, read, settled.value);
      return settled.value === null ? { kind: "unknown" } : { kind: "found", integration: settled.value.integration };
    },
    forget(id) {
      for (const [address, { integration }] of held) if (integration.id === id) held.delete(address);
      unknownUntil.delete(id);
      // Which integration a read under way will find is not known yet: none of them is kept.
      reading.clear();
    },
  };
}
