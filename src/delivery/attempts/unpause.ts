import { type Context, withShard } from "../../context.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { NEVER_RESCUED, RESCUE_START } from "../../storage/events/log.ts";
import { type PendingChange, storePendingChange } from "../../storage/maintenance/pending-changes.ts";
import { MAX_FIRST_PAGES, changePages } from "./pending-changes.ts";

/** For this long after a destination is resumed, in ms, another isolate may still defer its deliveries (config-cache/). */
const STALE_MS = 30_000;

type Wake = "unpause" | "listen";

function changeFor(destinationId: string, kind: Wake, at: number): PendingChange {
  return { destination_id: destinationId, kind, at, until: NEVER_RESCUED, after: RESCUE_START };
}

/**
 * Plans that maintenance makes the deliveries due that wait for a paused destination, or for a command to listen. It does so a while from now and looks at
 * all of them, so that it finds those, too, that isolates defer that do not know yet that the destination is resumed. To be
 * called before it is resumed, so that nothing waits for ever if the process ends. If it stays paused, the plan is dropped.
 */
export async function planUnpause(
  { shards, clock }: Context,
  destinationId: string,
  kind: Wake = "unpause",
): Promise<void> {
  const at = clock();
  for (const { db } of shards) await storePendingChange(db, changeFor(destinationId, kind, at), at + STALE_MS);
}

/** Makes the next deliveries due that wait for a destination that was resumed, or to which a command listens. Maintenance makes the others due. Never rejects. */
export async function unpauseFirst(context: Context, destinationId: string, kind: Wake = "unpause"): Promise<void> {
  const maxPages = Math.max(1, Math.floor(MAX_FIRST_PAGES / context.shards.length));
  const at = context.clock();
  for (const shard of context.shards) {
    try {
      const rest = await changePages(withShard(context, shard), changeFor(destinationId, kind, at), maxPages);
      // Those that follow are due after the first ones.
      if (rest !== null) await storePendingChange(shard.db, { ...rest, after: RESCUE_START }, at + STALE_MS);
    } catch (error) {
      const fields = { destination_id: destinationId, kind };
      logLine("warn", "pending_change.deferred", { ...fields, error: describeError(error) });
    }
  }
}
