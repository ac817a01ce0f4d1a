import type { Context } from "../../context.ts";
import type { Destination } from "../../model/destination.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { type LaneWish, leaseLanes, returnLanes } from "../../storage/destinations/health.ts";

/** A batch can use at most this many leases of a destination: it has no more workers. */
const MAX_LEASES = 6;

/** Leases of destinations that limit their concurrent attempts. */
export type Leases = {
  /** The number of leases by destination; undefined if none was free. */
  readonly of: (destinationId: string) => number | undefined;
  /** Returns the leases of destinations; to be called when no attempt of theirs is in flight. Never rejects. */
  readonly release: (destinationIds: readonly string[]) => Promise<void>;
};

function wishesOf(destinations: readonly Destination[]): LaneWish[] {
  const wishes = new Map<string, LaneWish>();
  for (const { id, max_concurrency: most } of destinations) {
    if (most === null) continue;
    const lanes = Math.min(MAX_LEASES, (wishes.get(id)?.lanes ?? 0) + 1);
    wishes.set(id, { destination_id: id, most, lanes });
  }
  return [...wishes.values()];
}

/** Leases concurrent attempts across isolates, one for each time that a destination is listed, until `expiresAt` (ms). */
export async function lease(
  { primary, clock }: Context,
  destinations: readonly Destination[],
  expiresAt: number,
): Promise<Leases> {
  const wishes = wishesOf(destinations);
  const leaseId = crypto.randomUUID();
  const leased: ReadonlyMap<string, number> =
    wishes.length === 0 ? new Map() : await leaseLanes(primary, leaseId, wishes, clock(), expiresAt);
  const held = new Set(leased.keys());
  return {
    of: (destinationId) => leased.get(destinationId),
    async release(destinationIds) {
      const ids = destinationIds.filter((id) => held.delete(id));
      if (ids.length === 0) return;
      try {
        await returnLanes(primary, leaseId, ids);
      } catch (error) {
        logLine("warn", "leases.release_failed", { destination_ids: ids, error: describeError(error) });
      }
    },
  };
}
