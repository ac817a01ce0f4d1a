import { sendBatch } from "../../platform/queues.ts";
import type { ReplayMessage } from "../../model/replay.ts";
import { readMatches } from "../../storage/events/log.ts";
import { claimReplay, recordStep } from "../../storage/pipeline/replays.ts";
import type { Context } from "../../context.ts";
import { replayMatches } from "./replay.ts";

/** A step that takes longer than this may be claimed again, in ms. */
const CLAIM_MS = 60_000;
/** A message that arrives this early, in ms, counts as on time. */
const EARLY_MS = 1_000;

/** Enqueues the next step of a replay. Never rejects: maintenance finds the replay if the queue does not take the message. */
export async function enqueueReplay({ shard }: Context, id: string, delaySeconds: number): Promise<void> {
  const message: ReplayMessage = { v: 1, replay: id };
  await sendBatch(shard.deliveries, [{ body: message, delaySeconds }], { replay_id: id });
}

/**
 * Takes the next step of a replay: repeats a page of deliveries, records the position, and enqueues the step after that. An
 * interrupted step is taken again and creates no duplicates. Throws if D1 cannot be read or written.
 */
export async function stepReplay(context: Context, id: string): Promise<void> {
  const { shard, caches, clock } = context;
  const replay = await claimReplay(shard.db, id, clock() + EARLY_MS, clock() + CLAIM_MS);
  // Nothing to claim: not due, claimed elsewhere, or finished. The last claimant enqueues the next step.
  if (replay === null) return;
  const { destinations } = await caches.config.load();
  const enabled = [...destinations.values()].flatMap((each) => (each.enabled ? each.id : []));
  const { found, through, is_last } = await readMatches(context, replay, enabled);
  const replayed = await replayMatches(context, replay, found);
  const pauseSeconds = Math.ceil((found.length * replay.parts) / replay.rate_per_second);
  const atMs = clock();
  await recordStep(shard.db, replay, {
    position: through,
    replayed,
    failed: found.length - replayed,
    is_last,
    step_at: atMs + pauseSeconds * 1_000,
    at: new Date(atMs).toISOString(),
  });
  if (!is_last) await enqueueReplay(context, id, pauseSeconds);
}
