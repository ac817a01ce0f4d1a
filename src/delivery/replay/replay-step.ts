import { withTimeout } from "../../platform/with-timeout.ts";
import type { ReplayMessage } from "../../model/replay.ts";
import { claimReplay, enterStep, readMatches } from "../../storage/events/replays.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Context } from "../../context.ts";
import { replayMatches } from "./replay.ts";

/** How long a step may take before another one may take it over, in ms. */
const CLAIM_MS = 60_000;
/** A message that comes this early, in ms, is taken as on time. */
const EARLY_MS = 1_000;
const SEND_LIMIT_MS = 3_000;

/** Has a replay take its next step in so many seconds. Never rejects: where the queue does not take it, the sweep does. */
export async function enqueueReplay({ shard }: Context, id: string, delaySeconds: number): Promise<void> {
  const message: ReplayMessage = { v: 1, replay: id };
  const sent = await withTimeout(SEND_LIMIT_MS, () => shard.deliveries.send(message, { delaySeconds }));
  if (sent.kind === "done") return;
  const error = sent.kind === "failed" ? describeError(sent.error) : sent.kind;
  logLine("warn", "replay left to the sweep", { replay_id: id, error });
}

/**
 * Takes a replay's next step: repeats a page of deliveries, writes down how far it is, and asks for the step after that.
 * A step that was cut short is taken again and makes nothing twice. Throws where D1 cannot be read or written.
 */
export async function stepReplay(context: Context, id: string): Promise<void> {
  const { shard, caches, clock } = context;
  const replay = await claimReplay(shard.db, id, clock() + EARLY_MS, clock() + CLAIM_MS);
  // Not due, or another is at it, or it is over: whoever took the last step has asked for the next.
  if (replay === null) return;
  const { destinations } = await caches.config.load();
  const enabled = [...destinations.values()].flatMap((each) => (each.enabled ? each.id : []));
  const { found, through, is_last } = await readMatches(shard.db, replay, enabled);
  const replayed = await replayMatches(context, replay, found);
  const pauseSeconds = Math.ceil((found.length * replay.parts) / replay.rate_per_second);
  const atMs = clock();
  await enterStep(shard.db, replay, {
    position: through,
    replayed,
    failed: found.length - replayed,
    is_last,
    step_at: atMs + pauseSeconds * 1_000,
    at: new Date(atMs).toISOString(),
  });
  if (!is_last) await enqueueReplay(context, id, pauseSeconds);
}
