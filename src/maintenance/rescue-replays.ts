import { enqueueReplay } from "../delivery/replay/replay-step.ts";
import type { Context } from "../context.ts";
import { readDueReplays } from "../storage/pipeline/replays.ts";

const MAX_REPLAYS = 100;

/** Has replays go on that have waited since before a time (ms since 1970), because a message was lost; answers how many. */
export async function sweepReplays(context: Context, dueBefore: number): Promise<number> {
  const due = await readDueReplays(context.shard.db, dueBefore, MAX_REPLAYS);
  for (const { id } of due) await enqueueReplay(context, id, 0);
  return due.length;
}
