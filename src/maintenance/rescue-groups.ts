import { enqueueGroupCloses } from "../delivery/attempts/enqueue.ts";
import type { Context } from "../context.ts";
import { readOpenGroups } from "../storage/pipeline/groups.ts";

/** What one sweep asks for at most: the longest overdue come first, the others with the next sweep. */
const MAX_GROUPS = 5_000;

/**
 * Asks for groups to be closed that are not delivered yet and whose window is over by a time (ms since 1970), each when it
 * is due; answers for how many. One that was closed meanwhile stays as it is.
 */
export async function sweepGroups({ shard }: Context, nowMs: number, closedBy: number): Promise<number> {
  const groups = await readOpenGroups(shard.db, closedBy, MAX_GROUPS);
  await enqueueGroupCloses(shard, groups, nowMs);
  return groups.length;
}
