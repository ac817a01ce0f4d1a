import { accept } from "../ingest/accept.ts";
import { type Context, withShard } from "../context.ts";
import type { EventMessage, Signal } from "../model/event.ts";
import { findShard } from "../platform/shards.ts";
import { type LastSeenQuery, readLastSeen } from "../storage/events/log.ts";
import {
  type Heartbeat,
  type ExpectingIntegration,
  type SilenceAnnouncement,
  SILENCE_KEY,
  SILENCE_KIND,
  readHeartbeats,
  storeHeartbeats,
} from "../storage/maintenance/heartbeats.ts";
import { prepareAnnouncement, sendAnnouncements } from "../system-events/announce.ts";
import { aboutIntegration } from "../system-events/subjects.ts";
import type { MaintenanceTask } from "./task.ts";

const MINUTE_MS = 60_000;
/** Each run searches this far back, because events are recorded some time after they were received. */
const LOOK_BACK_MS = 15 * MINUTE_MS;
/** The newest events of a shard that a run looks at, and that it looks at before it opens an alert. */
const MAX_RECENT_EVENTS = 20_000;
const MAX_EVENTS_BEFORE_ALERT = 100_000;

type Watched = ExpectingIntegration & { readonly heartbeat: Heartbeat };

function messageOf(context: Context, integrationId: string, signal: Signal): EventMessage {
  const { id, at_ms } = context.mint("evt");
  const { action, note } = signal;
  const body = JSON.stringify({ integration_id: integrationId, action, note });
  const request = { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" } as const;
  const content = { kind: SILENCE_KIND, request, signal };
  const received_at = new Date(at_ms).toISOString();
  return { v: 1, id, integration_id: integrationId, received_at, repeat_key: null, content };
}

function openingSignal({ id, name, every_minutes, heartbeat }: Watched): Signal {
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

function resolvingSignal(integrationId: string, note: string): Signal {
  return { action: "resolve", namespace: integrationId, key: SILENCE_KEY, note };
}

/** A heartbeat that an event is about, and what that event says. */
type Announcement = { readonly heartbeat: Heartbeat; readonly signal: Signal };

/** Accepts events about the silence of integrations, together. Throws if that fails, so that the next run repeats it. */
async function acceptSignals(context: Context, announcements: readonly Announcement[]): Promise<void> {
  for (const [number, own] of Map.groupBy(announcements, ({ heartbeat }) => heartbeat.shard)) {
    const shard = findShard(context.shards, number);
    // An alert is in the shard of its integration. If the shard is not bound any more, there is no alert either.
    if (shard === null) continue;
    const messages = own.map(({ heartbeat, signal }) => messageOf(context, heartbeat.integration_id, signal));
    if (!(await accept(withShard(context, shard), messages))) {
      throw new Error("An event about silence could not be stored.");
    }
  }
}

function withLastSeen({ heartbeat, ...rest }: Watched, lastSeen: ReadonlyMap<string, number>): Watched {
  const seen_at = Math.max(heartbeat.seen_at, lastSeen.get(rest.id) ?? 0);
  return { ...rest, heartbeat: { ...heartbeat, seen_at } };
}

type ShardQuery = LastSeenQuery & { readonly shard: number };

/** Returns when each integration's newest event from its sender was received, from the shards of the integrations. */
async function lastSeenOf(
  context: Context,
  queries: readonly ShardQuery[],
  maxEvents: number,
): Promise<ReadonlyMap<string, number>> {
  const found = [...Map.groupBy(queries, ({ shard }) => shard)].map(async ([number, own]) => {
    const shard = findShard(context.shards, number);
    return shard === null ? [] : [...(await readLastSeen(withShard(context, shard), own, maxEvents))];
  });
  return new Map((await Promise.all(found)).flat());
}

function isSilent({ every_minutes, heartbeat }: Watched, nowMs: number): boolean {
  return nowMs - heartbeat.seen_at >= every_minutes * MINUTE_MS;
}

/**
 * Returns the integrations that were not seen for a while, with what is found of them now: first among the latest events; for
 * integrations that then count as silent, further back.
 */
async function findEvents(context: Context, watched: readonly Watched[], nowMs: number): Promise<Watched[]> {
  const waiting = watched.filter(({ every_minutes, heartbeat }) => {
    return heartbeat.silent_since !== null || nowMs - heartbeat.seen_at >= (every_minutes * MINUTE_MS) / 4;
  });
  const latest = await lastSeenOf(
    context,
    waiting.map(({ id, shard, heartbeat }) => ({
      integration_id: id,
      shard,
      from_ms: Math.max(heartbeat.seen_at + 1, nowMs - LOOK_BACK_MS),
    })),
    MAX_RECENT_EVENTS,
  );
  const seen = waiting.map((each) => withLastSeen(each, latest));
  const silent = seen.filter((each) => isSilent(each, nowMs) && each.heartbeat.silent_since === null);
  const all = await lastSeenOf(
    context,
    silent.map(({ id, shard, heartbeat }) => ({ integration_id: id, shard, from_ms: heartbeat.seen_at + 1 })),
    MAX_EVENTS_BEFORE_ALERT,
  );
  return seen.map((each) => withLastSeen(each, all));
}

/** The next state of a heartbeat, and the signal of the event about the change; null if its alert stays as it is. */
type Step = { readonly watched: Watched; readonly next: Heartbeat; readonly signal: Signal | null };

function stepOf(watched: Watched, before: Heartbeat, nowMs: number): Step {
  const { heartbeat, id } = watched;
  if (heartbeat.silent_since === null) {
    if (!isSilent(watched, nowMs)) return { watched, next: heartbeat, signal: null };
    return { watched, next: { ...heartbeat, silent_since: nowMs }, signal: openingSignal(watched) };
  }
  if (heartbeat.seen_at === before.seen_at) return { watched, next: heartbeat, signal: null };
  return { watched, next: { ...heartbeat, silent_since: null }, signal: resolvingSignal(id, "An event came.") };
}

/** Returns the system events about integrations that have fallen silent, or that were heard again. */
async function announcementsOf(
  context: Context,
  changes: readonly (Watched & { readonly next: Heartbeat })[],
): Promise<readonly SilenceAnnouncement[]> {
  const rows: SilenceAnnouncement[] = [];
  for (const { id, name, every_minutes, heartbeat, next } of changes) {
    const is_silent = next.silent_since !== null;
    const row = await prepareAnnouncement(context, is_silent ? "integration.silent" : "integration.heard", {
      subject: aboutIntegration({ id, name }),
      since_ms: is_silent ? next.seen_at : (heartbeat.silent_since ?? next.seen_at),
      ...(is_silent ? { reason: `No event for ${every_minutes} minutes.` } : {}),
    });
    if (row !== null) rows.push({ ...row, integration_id: id, is_silent });
  }
  return rows;
}

/**
 * Opens an alert for each integration that has received no event for as long as its options say, and resolves it after the next
 * event. The time starts with the first run after the option was set. Returns the number of alerts that changed.
 */
async function checkHeartbeats(context: Context): Promise<number> {
  const nowMs = context.clock();
  const { expecting, stored } = await readHeartbeats(context.primary);
  if (expecting.length === 0 && stored.length === 0) return 0;
  const known = new Map(stored.map((each) => [each.integration_id, each]));
  const watched = expecting.flatMap((each) => {
    const heartbeat = known.get(each.id);
    // The events of a shard that is not bound cannot be read.
    return heartbeat === undefined || findShard(context.shards, each.shard) === null ? [] : [{ ...each, heartbeat }];
  });
  const begun = expecting
    .filter(({ id }) => !known.has(id))
    .map(({ id, shard }) => ({ integration_id: id, shard, seen_at: nowMs, silent_since: null }));
  const expectingIds = new Set(expecting.map(({ id }) => id));
  const gone = stored.filter(({ integration_id }) => !expectingIds.has(integration_id));
  const open = gone.filter(({ silent_since }) => silent_since !== null);
  await acceptSignals(
    context,
    open.map((heartbeat) => ({
      heartbeat,
      signal: resolvingSignal(heartbeat.integration_id, "No events are expected any more."),
    })),
  );
  if (begun.length > 0 || gone.length > 0) {
    await storeHeartbeats(
      context.primary,
      begun,
      gone.map(({ integration_id }) => integration_id),
    );
  }
  const steps = (await findEvents(context, watched, nowMs)).flatMap((each): Step[] => {
    const before = known.get(each.id) ?? each.heartbeat;
    const step = stepOf(each, before, nowMs);
    return step.signal === null && step.next.seen_at === before.seen_at ? [] : [step];
  });
  const announced = steps.flatMap(({ next, signal }) => (signal === null ? [] : [{ heartbeat: next, signal }]));
  const changes = steps.flatMap(({ next, signal, watched }) => (signal === null ? [] : [{ ...watched, next }]));
  // The events come first: a run that ends here repeats them, and an alert that is open is not opened again.
  await acceptSignals(context, announced);
  if (steps.length > 0) {
    const rows = await announcementsOf(context, changes);
    const heartbeatsNow = steps.map(({ next }) => next);
    const inserted = await storeHeartbeats(context.primary, heartbeatsNow, [], rows);
    await sendAnnouncements(
      context,
      rows.filter(({ id }) => inserted.has(id)),
    );
  }
  return open.length + announced.length;
}

export const heartbeats: MaintenanceTask = {
  name: "heartbeats",
  per: "gateway",
  max_calls: 60,
  run: checkHeartbeats,
};
