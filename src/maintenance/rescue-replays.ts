import { enqueueReplay } from "../delivery/replay/replay-step.ts";
import type { Env } from "../settings.ts";
import { readDueReplays } from "../storage/events/replays.ts";

const MAX_REPLAYS = 100;

/** Has replays go on that have waited since before a time (ms since 1970), because a message was lost; answers how many. */
export async function sweepReplays(env: Env, dueBefore: number): Promise<number> {
  const due = await readDueReplays(env.DB, dueBefore, MAX_REPLAYS);
  for (const { id } of due) await enqueueReplay({ env }, id, 0);
  return due.length;
}
