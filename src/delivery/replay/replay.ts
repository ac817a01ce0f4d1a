import type { Context } from "../../context.ts";
import type { Delivery } from "../../model/delivery.ts";
import { replayedDeliveryIdOf } from "../../model/ids.ts";
import type { Replay } from "../../model/replay.ts";
import type { Match } from "../../storage/events/log.ts";
import type { ReplayPart } from "../../storage/pipeline/replays.ts";
import { enqueueDeliveries } from "../attempts/enqueue.ts";
import { type Repeated, markReplayed, replayedDelivery, retryNow } from "../attempts/transitions.ts";
import { type RecordChange, recordChangesByHand, recordEditsByHand } from "../attempts/record.ts";

/** Makes a delivery due at once. Returns the delivery, or null if it is not on record. Throws if D1 cannot be written. */
export async function retryByHand(context: Context, delivery: Delivery): Promise<Delivery | null> {
  const { shard, clock } = context;
  const at = new Date(clock()).toISOString();
  const edit = (current: Delivery): Delivery => retryNow(current, at);
  const recorded = await recordEditsByHand(context, [{ event_id: delivery.event_id, delivery_id: delivery.id, edit }]);
  const changed = [...recorded.values()].flat().find((each) => each.id === delivery.id);
  if (changed === undefined) return null;
  await enqueueDeliveries(shard, [changed], clock());
  return changed;
}

/**
 * Makes new deliveries of one event and enqueues them. A repetition under the same replay id makes no duplicates. Returns
 * the deliveries, or null if the event is not on record. Throws if D1 cannot be read or written.
 */
export async function replayEvent(
  context: Context,
  eventId: string,
  repeated: readonly Repeated[],
  replayId: string,
): Promise<readonly Delivery[] | null> {
  const { shard, caches, clock } = context;
  const at = new Date(clock()).toISOString();
  const made = repeated.map((each) => replayedDelivery(eventId, each, replayId, at));
  const add: RecordChange = (deliveries) => [...markReplayed(deliveries, made), ...without(made, deliveries)];
  const changes = new Map([[eventId, add]]);
  const recorded = (await recordChangesByHand(context, changes, caches.config.rowForm())).get(eventId);
  if (recorded === undefined) return null;
  const ids = new Set(made.map(({ id }) => id));
  const deliveries = recorded.filter(({ id }) => ids.has(id));
  await enqueueDeliveries(shard, deliveries, clock());
  return deliveries;
}

function without(made: readonly Delivery[], existing: readonly Delivery[]): Delivery[] {
  const known = new Set(existing.map(({ id }) => id));
  return made.filter(({ id }) => !known.has(id));
}

/** Returns the new deliveries that a bulk replay makes for the matches in one event. `at` holds their due times. */
function repeats(found: readonly Match[], existing: readonly Delivery[], replay: Replay, at: Map<string, string>) {
  return found.flatMap(({ event_id, delivery_id }) => {
    const original = existing.find(({ id }) => id === delivery_id);
    const due = at.get(delivery_id);
    if (original === undefined || due === undefined) return [];
    const { destination_id, route_id } = original;
    return replayedDelivery(event_id, { destination_id, route_id, replay_of: delivery_id }, replay.id, due);
  });
}

/**
 * Repeats deliveries for a bulk replay, at this shard's share of its rate. A repetition makes no duplicates. Returns how
 * many of the deliveries are on record. Throws if D1 cannot be read or written.
 */
export async function replayMatches(context: Context, replay: ReplayPart, found: readonly Match[]): Promise<number> {
  const { shard, caches, clock } = context;
  const startMs = clock();
  const createdAt = new Date(startMs).toISOString();
  const due = new Map(
    found.map(({ delivery_id }, index) => {
      const second = Math.floor((index * replay.parts) / replay.rate_per_second);
      return [delivery_id, new Date(startMs + second * 1_000).toISOString()];
    }),
  );
  const changes = new Map<string, RecordChange>();
  for (const [eventId, own] of Map.groupBy(found, (match) => match.event_id)) {
    changes.set(eventId, (existing) => {
      const made = repeats(own, existing, replay, due).map((each) => ({
        ...each,
        created_at: createdAt,
        updated_at: createdAt,
      }));
      return [...markReplayed(existing, made), ...without(made, existing)];
    });
  }
  const recorded = await recordChangesByHand(context, changes, caches.config.rowForm());
  const originals = new Map([...recorded.values()].flat().map((each) => [each.id, each]));
  const deliveries = found.flatMap(({ event_id, delivery_id }) => {
    const original = originals.get(delivery_id);
    if (original === undefined) return [];
    return originals.get(replayedDeliveryIdOf(event_id, original.destination_id, replay.id)) ?? [];
  });
  await enqueueDeliveries(shard, deliveries, clock());
  return deliveries.length;
}
