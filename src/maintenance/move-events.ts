import type { Context } from "../context.ts";
import { lowestIdAt, segmentIdOf } from "../model/ids.ts";
import type { MoveMessage } from "../model/move.ts";
import { sendBatch } from "../platform/queues.ts";
import { shardField } from "../platform/shards.ts";
import { logLine } from "../platform/log.ts";
import { claimTask } from "../storage/maintenance/maintenance-tasks.ts";
import { type Chain, claimMove, releaseMove } from "../storage/segments/chain.ts";
import {
  type Batch,
  type Candidates,
  MAX_SEGMENT_EVENTS,
  type Candidate,
  batchesOf,
  moveEvents,
  readCandidates,
} from "../storage/segments/move.ts";
import { readSegmentsFrom } from "../storage/segments/since.ts";
import { claimSmallSegment } from "./small-segments.ts";
import type { MaintenanceTask } from "./task.ts";

// Moves events that are final and older than HOT_HOURS to segments. A step moves one segment and enqueues the next step, so that the move
// keeps pace with what is accepted. Maintenance begins each minute anew, because a message can be lost.

/** A step that takes longer than this may be taken by another one, in ms. */
const LEASE_MS = 120_000;
const HOUR_MS = 3_600_000;
/** The queries for candidates of one step. */
const MAX_SCANS = 4;
const FAR_TASK = "segments_far";
/** How often the move looks behind events that cannot move, such as those for a paused destination, if nothing else is before them: in ms. */
const FAR_INTERVAL_MS = 600_000;
const RANDOM_BYTES = 10;

type Position = MoveMessage["move"];

/** Returns the id below which events are older than the hot window. */
function endOf(now: number, hotHours: number): string {
  return lowestIdAt("evt", Math.max(0, now - hotHours * HOUR_MS));
}

/** Events for a segment; null if there are none that need not wait. `next` is where the step after this one looks; null if there is none. */
type Found = { readonly batch: Batch | null; readonly next: Position | null };

const NOTHING: Found = { batch: null, next: null };

/** Finds events for a segment among those after `from`, of which `first` has been read. */
async function findBatch(
  { shard: { db }, clock }: Context,
  hotHours: number,
  from: Position,
  first: Candidates,
): Promise<Found> {
  const now = clock();
  const end = endOf(now, hotHours);
  const found: Candidate[] = [...first.found];
  let after = first.next;
  for (let scan = 1; scan < MAX_SCANS && after !== null && found.length < MAX_SEGMENT_EVENTS; scan++) {
    const read = await readCandidates(db, after, end);
    found.push(...read.found);
    after = read.next;
  }
  const batches = batchesOf(found);
  const isLast = (batch: Batch): boolean => batch === batches.at(-1) && after === null;
  const full = batches.find(({ is_full }) => is_full);
  const [oldest] = batches;
  if (oldest === undefined) {
    if (after === null) return NOTHING;
    const isFar = from.after !== "" || (await claimTask(db, FAR_TASK, now, now + FAR_INTERVAL_MS)) !== null;
    return isFar ? { batch: null, next: { after, small: from.small } } : NOTHING;
  }
  // Few events that stayed behind must not keep the others waiting.
  if (full !== undefined && !from.small) {
    return { batch: full, next: isLast(full) ? null : { after: full.events.at(-1)?.id ?? "", small: false } };
  }
  const isDue = from.small || (await claimSmallSegment(db, now, hotHours, oldest.events.length));
  if (!isDue) return NOTHING;
  return { batch: oldest, next: isLast(oldest) ? null : { after: oldest.events.at(-1)?.id ?? "", small: true } };
}

/** Enqueues a step. Never rejects: maintenance begins anew if the queue does not take the message. */
async function enqueueMove({ shard }: Context, move: Position): Promise<void> {
  const message: MoveMessage = { v: 1, move };
  await sendBatch(shard.deliveries, [{ body: message }], { task: "move_events" });
}

async function moveBatch({ batch }: Found, context: Context, chain: Chain): Promise<number> {
  const last = batch?.events.at(-1);
  if (batch === null || last === undefined) return 0;
  const { shard, clock } = context;
  const id = segmentIdOf(last.id, crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)));
  const object_key = `segments/${shard.number}/${id}`;
  const moved = await moveEvents(context, batch.events, { id, object_key, chain, now_ms: clock() });
  if (moved > 0) logLine("info", "segment.written", { ...shardField(context), segment_id: id, count: moved });
  return moved;
}

/**
 * Takes a step of the move: writes one segment, and enqueues the next step if more events are ready. Returns the number of events that it
 * moved. Throws if D1 or R2 cannot be read or written.
 */
export async function stepMove(context: Context, from: Position): Promise<number> {
  const { shard, settings, clock, primary } = context;
  if (settings.hot_hours === null) return 0;
  // Mostly nothing is ready, and then this is the only query.
  const first = await readCandidates(shard.db, from.after, endOf(clock(), settings.hot_hours));
  if ((first.found.length === 0 && first.next === null) || clock() < (await readSegmentsFrom(primary))) return 0;
  const until = clock() + LEASE_MS;
  const chain = await claimMove(shard.db, clock(), until);
  if (chain === null) return 0;
  try {
    const found = await findBatch(context, settings.hot_hours, from, first);
    const moved = await moveBatch(found, context, chain);
    await releaseMove(shard.db, until);
    if (found.next !== null) await enqueueMove(context, found.next);
    return moved;
  } catch (error) {
    await releaseMove(shard.db, until).catch(() => {});
    throw error;
  }
}

/** Begins to move what is final and older than HOT_HOURS. Returns the number of events that it moved itself. */
export const moveEventsToSegments: MaintenanceTask = {
  name: "move_events",
  per: "shard",
  max_calls: 25,
  run: (context) => stepMove(context, { after: "", small: false }),
};
