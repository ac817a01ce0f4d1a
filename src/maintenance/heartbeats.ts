import { accept } from "../ingest/accept.ts";
import { type Context, withShard } from "../context.ts";
import type { EventMessage, Signal } from "../model/event.ts";
import { findShard } from "../platform/shards.ts";
import {
  type Heartbeat,
  type Expecting,
  SILENCE_KEY,
  SILENCE_KIND,
  keepHeartbeats,
  readHeartbeats,
} from "../storage/maintenance/heartbeats.ts";
import { type LastSeenQuery, readLastSeen } from "../storage/events/log.ts";

const MINUTE_MS = 60_000;
/** Events come on record some time after they were received; this far back each sweep looks for them. */
const LOOK_BACK_MS = 15 * MINUTE_MS;

type Watched = Expecting & { readonly heartbeat: Heartbeat };

function messageOf(context: Context, integrationId: string, signal: Signal): EventMessage {
  const { id, at_ms } = context.mint("evt");
  const { action, note } = signal;
  const body = JSON.stringify({ integration_id: integrationId, action, note });
  const request = { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" } as const;
  const content = { kind: SILENCE_KIND, request, signal };
  const received_at = new Date(at_ms).toISOString();
  return { v: 1, id, integration_id: integrationId, received_at, repeat_key: null, content };
}

function opening({ id, name, every_minutes, heartbeat }: Watched): Signal {
  const since = new Date(heartbeat.seen_at).toISOString();
  return {
    action: "create",
    namespace: id,
    key: SILENCE_KEY,
    note: "The gateway expected an event.",
    fields: {
      title: `No event from ${name} for ${every_minutes} ${every_minutes === 1 ? "minute" : "minutes"}`,
      description: `Nothing has come since ${since}.`,
      urgency: null,
      tags: [],
      meta: {},
      incident: null,
      additional_data: [],
    },
  };
}

function resolving(integrationId: string, note: string): Signal {
  return { action: "resolve", namespace: integrationId, key: SILENCE_KEY, note };
}

/** Makes an event of the gateway's own durable; throws where it cannot, so that the next sweep tries again. */
async function tell(context: Context, { integration_id, shard }: Heartbeat, signal: Signal): Promise<void> {
  const own = findShard(context.shards, shard);
  // Where the shard is gone, so is the alert.
  if (own === null) return;
  const isAccepted = await accept(withShard(context, own), [messageOf(context, integration_id, signal)]);
  if (!isAccepted) throw new Error("An event about silence could not be stored.");
}

function withSeen({ heartbeat, ...rest }: Watched, newest: ReadonlyMap<string, number>): Watched {
  const seen_at = Math.max(heartbeat.seen_at, newest.get(rest.id) ?? 0);
  return { ...rest, heartbeat: { ...heartbeat, seen_at } };
}

type ShardLook = LastSeenQuery & { readonly shard: number };

/** When each integration's newest event from its sender came, whichever shard its events are in. */
async function newestOf(context: Context, looks: readonly ShardLook[]): Promise<ReadonlyMap<string, number>> {
  const found = [...Map.groupBy(looks, ({ shard }) => shard)].map(async ([number, own]) => {
    const shard = findShard(context.shards, number);
    return shard === null ? [] : [...(await readLastSeen(withShard(context, shard), own))];
  });
  return new Map((await Promise.all(found)).flat());
}

/** Looks for events of those that were not heard of for a while: first among the latest, then, once silent, among all. */
async function look(context: Context, watched: readonly Watched[], nowMs: number): Promise<Watched[]> {
  const waiting = watched.filter(({ every_minutes, heartbeat }) => {
    return heartbeat.silent_since !== null || nowMs - heartbeat.seen_at >= (every_minutes * MINUTE_MS) / 4;
  });
  const latest = await newestOf(
    context,
    waiting.map(({ id, shard, heartbeat }) => ({
      integration_id: id,
      shard,
      from_ms: Math.max(heartbeat.seen_at + 1, nowMs - LOOK_BACK_MS),
    })),
  );
  const seen = waiting.map((each) => withSeen(each, latest));
  const silent = seen.filter((each) => isSilent(each, nowMs) && each.heartbeat.silent_since === null);
  const all = await newestOf(
    context,
    silent.map(({ id, shard, heartbeat }) => ({ integration_id: id, shard, from_ms: heartbeat.seen_at + 1 })),
  );
  return seen.map((each) => withSeen(each, all));
}

function isSilent({ every_minutes, heartbeat }: Watched, nowMs: number): boolean {
  return nowMs - heartbeat.seen_at >= every_minutes * MINUTE_MS;
}

/** What becomes of a heartbeat; the event that tells of a change is accepted before that is on record. */
async function judge(context: Context, watched: Watched, before: Heartbeat, nowMs: number): Promise<Heartbeat> {
  const { heartbeat, id } = watched;
  if (heartbeat.silent_since === null) {
    if (!isSilent(watched, nowMs)) return heartbeat;
    await tell(context, heartbeat, opening(watched));
    return { ...heartbeat, silent_since: nowMs };
  }
  if (heartbeat.seen_at === before.seen_at) return heartbeat;
  await tell(context, heartbeat, resolving(id, "An event came."));
  return { ...heartbeat, silent_since: null };
}

/**
 * Opens an alert for each integration that has not heard from its sender for as long as it says, and resolves it when an
 * event has come. Counting begins with the first sweep after the option was set. Answers how many alerts changed. It is done
 * once for all shards, with the home's environment.
 */
export async function watchForSilence(context: Context, nowMs: number): Promise<number> {
  const { expecting, kept } = await readHeartbeats(context.primary);
  if (expecting.length === 0 && kept.length === 0) return 0;
  const known = new Map(kept.map((each) => [each.integration_id, each]));
  const watched = expecting.flatMap((each) => {
    const heartbeat = known.get(each.id);
    // Of a shard that is not bound nobody knows what came.
    return heartbeat === undefined || findShard(context.shards, each.shard) === null ? [] : [{ ...each, heartbeat }];
  });
  const begun = expecting
    .filter(({ id }) => !known.has(id))
    .map(({ id, shard }) => ({ integration_id: id, shard, seen_at: nowMs, silent_since: null }));
  const expectingIds = new Set(expecting.map(({ id }) => id));
  const gone = kept.filter(({ integration_id }) => !expectingIds.has(integration_id));
  const open = gone.filter(({ silent_since }) => silent_since !== null);
  for (const heartbeat of open) {
    await tell(context, heartbeat, resolving(heartbeat.integration_id, "No events are expected any more."));
  }
  if (begun.length > 0 || gone.length > 0) {
    await keepHeartbeats(
      context.primary,
      begun,
      gone.map(({ integration_id }) => integration_id),
    );
  }
  let changes = open.length;
  for (const each of await look(context, watched, nowMs)) {
    const before = known.get(each.id) ?? each.heartbeat;
    const after = await judge(context, each, before, nowMs);
    if (before.silent_since !== after.silent_since) changes += 1;
    else if (before.seen_at === after.seen_at) continue;
    await keepHeartbeats(context.primary, [after], []);
  }
  return changes;
}
