import { enqueueDeliveries } from "../delivery/attempts/enqueue.ts";
import type { Context } from "../context.ts";
import type { EventRecord } from "../model/event.ts";
import { postponeRescue } from "../storage/events/changes.ts";
import { type RescueCursor, readOverdue, readPending } from "../storage/events/log.ts";

const PAGE = 100;
/** How long an event is left alone after its deliveries were sent again, in ms. */
const NEXT_LOOK_MS = 300_000;

async function sendAgain({ shard }: Context, events: readonly EventRecord[], nowMs: number): Promise<void> {
  await enqueueDeliveries(
    shard,
    events.flatMap((event) => event.deliveries),
    nowMs,
  );
  await postponeRescue(shard.db, events, nowMs + NEXT_LOOK_MS);
}

/**
 * Puts pending deliveries whose attempt is overdue into the DELIVERIES queue again, for at most `limit` events; answers
 * for how many. A message that was only late finds its delivery attempted and is dropped.
 */
export async function sweepOverdue(context: Context, nowMs: number, limit: number, dueBy = nowMs): Promise<number> {
  let swept = 0;
  while (swept < limit) {
    const events = await readOverdue(context.shard.db, dueBy, Math.min(PAGE, limit - swept));
    if (events.length === 0) break;
    await sendAgain(context, events, nowMs);
    swept += events.length;
  }
  return swept;
}

/** Puts every pending delivery into the DELIVERIES queue, each for when it is due: for a queue that has lost all it held. */
export async function sweepPending(context: Context, nowMs: number): Promise<number> {
  let swept = 0;
  // Those first that the sweep leaves where they are: the others come to lie among them.
  let after: RescueCursor = { rescue_at: nowMs + NEXT_LOOK_MS, id: "" };
  for (;;) {
    const later = await readPending(context.shard.db, after, PAGE);
    const last = later.at(-1);
    if (last === undefined) break;
    after = { rescue_at: last.rescue_at, id: last.event.id };
    await enqueueDeliveries(
      context.shard,
      later.flatMap(({ event }) => event.deliveries),
      nowMs,
    );
    swept += later.length;
  }
  return swept + (await sweepOverdue(context, nowMs, Number.MAX_SAFE_INTEGER, nowMs + NEXT_LOOK_MS - 1));
}
