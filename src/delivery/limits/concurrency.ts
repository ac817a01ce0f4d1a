import type { Context } from "../../context.ts";
import type { Destination } from "../../model/destination.ts";
import { MAX_ATTEMPTS_AT_A_TIME } from "../../platform/limits.ts";
import { describeError, logLine } from "../../platform/log.ts";
import {
  type LeaseRequest,
  leaseConcurrency,
  releaseConcurrency,
} from "../../storage/destinations/concurrency-leases.ts";

/** Leases of destinations that limit their concurrent attempts. */
export type Leases = {
  /** The number of leases by destination; undefined if none was free. */
  readonly of: (destinationId: string) => number | undefined;
  /** Returns the leases of destinations; to be called when no attempt of theirs is in flight. Never rejects. */
  readonly release: (destinationIds: readonly string[]) => Promise<void>;
};

function requestsFor(destinations: readonly Destination[]): LeaseRequest[] {
  const requests = new Map<string, LeaseRequest>();
  for (const { id, max_concurrency } of destinations) {
    if (max_concurrency === null) continue;
    // An invocation has no more workers than that.
    const attempts = Math.min(MAX_ATTEMPTS_AT_A_TIME, (requests.get(id)?.attempts ?? 0) + 1);
    requests.set(id, { destination_id: id, attempts, max_concurrency });
  }
  return [...requests.values()];
}

/** Leases concurrent attempts across isolates, one for each time that a destination is listed, until `expiresAt` (ms). */
export async function lease(
  { primary, clock }: Context,
  destinations: readonly Destination[],
  expiresAt: number,
): Promise<Leases> {
  const requests = requestsFor(destinations);
  const leaseId = crypto.randomUUID();
  const leased: ReadonlyMap<string, number> =
    requests.length === 0 ? new Map() : await leaseConcurrency(primary, leaseId, requests, clock(), expiresAt);
  const held = new Set(leased.keys());
  return {
    of: (destinationId) => leased.get(destinationId),
    async release(destinationIds) {
      const ids = destinationIds.filter((id) => held.delete(id));
      if (ids.length === 0) return;
      try {
        await releaseConcurrency(primary, leaseId, ids);
      } catch (error) {
        logLine("warn", "leases.release_failed", { destination_ids: ids, error: describeError(error) });
      }
    },
  };
}
