import { compact } from "../alerts/compact.ts";
import type { Context } from "../context.ts";
import { lowestIdAt } from "../model/ids.ts";
import { type Shard, shardField } from "../platform/shards.ts";
import {
  MAX_DELETED_ROWS,
  deleteEvents,
  deleteExpired,
  deleteExpiredOfPrimary,
  deleteHistories,
  compactHistories,
  readEventsInUse,
  readExpiredEvents,
  readExpiredHistories,
  scanExpired,
} from "../storage/maintenance/prune.ts";
import { dropSegment, folderOf, readExpiredSegments, readObjectsInUse } from "../storage/segments/drop.ts";
import { pruneRejections } from "../storage/config/rejections.ts";
import { claimTask, storeCursors } from "../storage/maintenance/maintenance-tasks.ts";
import { describeError, logLine } from "../platform/log.ts";
import type { MaintenanceTask } from "./task.ts";

const TASK = "retention";
const INTERVAL_MS = 60_000;
/** Tables that are scanned from end to end. A scan starts only this often, because D1 bills the rows that it reads. */
const SCANNED: ReadonlySet<string> = new Set([
  "bodies",
  "segment_objects",
  "histories",
  "alerts",
  "inbound_idempotency_keys",
  "groups",
  "rejections",
]);
const SCAN_TASK = "retention_round";
const SCAN_INTERVAL_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;
/** One run deletes this many batches of events at most: with one run a minute, about seven million events a day. */
const MAX_EVENT_BATCHES = 10;
/** The calls of a batch of events, and those of all other tables of a shard together. */
const CALLS_PER_EVENT_BATCH = 6;
const CALLS_OF_OTHERS = 80;
const BODY_PREFIX = "events/";
/** R2 lists and deletes this many objects at a time. */
const BODIES_PAGE = 1_000;

async function pruneEvents({ shard: { db }, bodies }: Context, beforeMs: number, maxBatches: number): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < maxBatches; batch++) {
    const events = await readExpiredEvents(db, beforeMs);
    if (events.length === 0) break;
    // Bodies first: a row without its body shows that the content is gone. A body without its row would only be found by a scan.
    const keys = events.flatMap(({ stored_at }) => (stored_at?.startsWith(BODY_PREFIX) === true ? [stored_at] : []));
    if (keys.length > 0) await bodies.delete(keys);
    deleted += await deleteEvents(
      db,
      events.map(({ id }) => id),
    );
    if (events.length < MAX_DELETED_ROWS) break;
  }
  return deleted;
}

/** `cursor` is where the next run continues, or empty at the end. */
type Pruned = { readonly cursor: readonly string[]; readonly deleted: number };

/** Returns the id of the event whose content a key holds. The key of a transformed one has an end of its own. */
function eventOfKey(key: string): string {
  return key.slice(BODY_PREFIX.length).replace(/\.\d$/, "");
}

/** Deletes bodies that no event of any shard refers to: of a sender's repeats, and of events that were never processed. */
async function pruneBodies({ shards, bodies }: Context, beforeMs: number, cursor: readonly string[]): Promise<Pruned> {
  const [startAfter] = cursor;
  const { objects, truncated } = await bodies.list({
    prefix: BODY_PREFIX,
    limit: BODIES_PAGE,
    ...(startAfter === undefined ? {} : { startAfter }),
  });
  const before = lowestIdAt("evt", beforeMs);
  const old = objects.map(({ key }) => ({ key, id: eventOfKey(key) })).filter(({ id }) => id < before);
  const last = objects.at(-1);
  const next = truncated && last !== undefined && old.length === objects.length ? [last.key] : [];
  if (old.length === 0) return { cursor: next, deleted: 0 };
  const ids = [...new Set(old.map(({ id }) => id))];
  const inUse = await Promise.all(shards.map(({ db }) => readEventsInUse(db, ids)));
  const gone = old.flatMap(({ key, id }) => (inUse.some((ofShard) => ofShard.has(id)) ? [] : [key]));
  if (gone.length > 0) await bodies.delete(gone);
  return { cursor: next, deleted: gone.length };
}

/** The number of pages of histories that one run prunes. */
const MAX_HISTORY_PAGES = 5;

async function pruneHistories(shard: Shard, beforeMs: number, from: readonly string[]): Promise<Pruned> {
  let cursor = from;
  let deleted = 0;
  for (let page = 0; page < MAX_HISTORY_PAGES; page++) {
    const pruned = await pruneHistoryPage(shard, beforeMs, cursor);
    cursor = pruned.cursor;
    deleted += pruned.deleted;
    if (cursor.length === 0) break;
  }
  return { cursor, deleted };
}

async function pruneHistoryPage({ db }: Shard, beforeMs: number, from: readonly string[]): Promise<Pruned> {
  const { histories, cursor } = await readExpiredHistories(db, beforeMs, from);
  // The state of an unresolved alert outlives its events.
  const compacted = histories.map((history) => ({ history, rest: compact(history, 0) }));
  const over = compacted.filter(({ rest }) => (rest.compacted?.episode ?? null) === null);
  const open = compacted.filter((each) => !over.includes(each) && each.rest !== each.history);
  if (open.length > 0) {
    await compactHistories(
      db,
      open.map(({ rest }) => rest),
    );
  }
  const gone = over.map(({ history }) => history);
  return { cursor, deleted: gone.length === 0 ? 0 : await deleteHistories(db, gone) };
}

/** The segments that one run drops, at most. Two of a minute are 50 events a second. */
const MAX_SEGMENTS = 5;

async function pruneSegments(context: Context, beforeMs: number): Promise<number> {
  let dropped = 0;
  for (const segment of await readExpiredSegments(context.shard.db, beforeMs, MAX_SEGMENTS)) {
    if (await dropSegment(context, segment)) dropped += 1;
  }
  return dropped;
}

/** An object of a segment is younger than its row. After this time no row will name it any more, in ms. */
const ORPHAN_MS = 3_600_000;

/** Deletes objects that no segment names: of a move that was interrupted, or of a segment that was written anew. */
async function pruneSegmentObjects({ shard, bodies, clock }: Context, cursor: readonly string[]): Promise<Pruned> {
  const [startAfter] = cursor;
  const { objects, truncated } = await bodies.list({
    prefix: folderOf(shard.number),
    limit: BODIES_PAGE,
    ...(startAfter === undefined ? {} : { startAfter }),
  });
  const last = objects.at(-1);
  const next = truncated && last !== undefined ? [last.key] : [];
  const old = objects.filter(({ uploaded }) => uploaded.getTime() < clock() - ORPHAN_MS).map(({ key }) => key);
  if (old.length === 0) return { cursor: next, deleted: 0 };
  const inUse = await readObjectsInUse(shard.db, old);
  const gone = old.filter((key) => !inUse.has(key));
  if (gone.length > 0) await bodies.delete(gone);
  return { cursor: next, deleted: gone.length };
}

type Prune = (cursor: readonly string[]) => Promise<Pruned>;

function pruneWithoutCursor(run: () => Promise<number>): Prune {
  return async () => ({ cursor: [], deleted: await run() });
}

/** Returns how each table of a shard is pruned; for shard 0, those of the primary and the bucket too. */
function prunesOf(context: Context, nowMs: number, maxBatches: number): Readonly<Record<string, Prune>> {
  const { primary, shard, settings } = context;
  const { db } = shard;
  const beforeMs = nowMs - settings.retention_days * DAY_MS;
  const before = new Date(beforeMs).toISOString();
  const beforeEvent = lowestIdAt("evt", beforeMs);
  const ofPrimary: Readonly<Record<string, Prune>> = {
    // All shards share the bucket.
    bodies: (cursor) => pruneBodies(context, beforeMs, cursor),
    api_idempotency_keys: pruneWithoutCursor(() =>
      deleteExpiredOfPrimary(primary, "api_idempotency_keys", new Date(nowMs - DAY_MS).toISOString()),
    ),
    oauth_requests: pruneWithoutCursor(() => deleteExpiredOfPrimary(primary, "oauth_requests", nowMs)),
    integration_addresses: pruneWithoutCursor(() =>
      deleteExpiredOfPrimary(primary, "integration_addresses", new Date(nowMs).toISOString()),
    ),
    audit: pruneWithoutCursor(() => deleteExpiredOfPrimary(primary, "audit", lowestIdAt("aud", beforeMs))),
    rejections: (cursor) => pruneRejections(primary, beforeMs, cursor),
  };
  return {
    events: pruneWithoutCursor(() => pruneEvents(context, beforeMs, maxBatches)),
    segments: pruneWithoutCursor(() => pruneSegments(context, beforeMs)),
    segment_objects: (cursor) => pruneSegmentObjects(context, cursor),
    histories: (cursor) => pruneHistories(shard, beforeMs, cursor),
    alerts: (cursor) => scanExpired(db, "alerts", before, cursor),
    inbound_idempotency_keys: (cursor) => scanExpired(db, "inbound_idempotency_keys", beforeEvent, cursor),
    groups: (cursor) => scanExpired(db, "groups", beforeEvent, cursor),
    replays: pruneWithoutCursor(() => deleteExpired(db, "replays", lowestIdAt("rpl", beforeMs))),
    dead_letters: pruneWithoutCursor(() => deleteExpired(db, "dead_letters", before)),
    ...(shard.number === 0 ? ofPrimary : {}),
  };
}

async function pruneShard(context: Context, maxCalls: number): Promise<number> {
  const { db } = context.shard;
  const nowMs = context.clock();
  const cursors = await claimTask(db, TASK, nowMs, nowMs + INTERVAL_MS);
  if (cursors === null) return 0;
  const isScanDue = (await claimTask(db, SCAN_TASK, nowMs, nowMs + SCAN_INTERVAL_MS)) !== null;
  const next: Record<string, readonly string[]> = {};
  const maxBatches = Math.floor((maxCalls - CALLS_OF_OTHERS) / CALLS_PER_EVENT_BATCH);
  let total = 0;
  for (const [table, run] of Object.entries(
    prunesOf(context, nowMs, Math.min(MAX_EVENT_BATCHES, Math.max(1, maxBatches))),
  )) {
    const cursor = cursors[table] ?? [];
    if (SCANNED.has(table) && cursor.length === 0 && !isScanDue) continue;
    try {
      const pruned = await run(cursor);
      if (pruned.deleted > 0)
        logLine("info", "retention.pruned", { ...shardField(context), table, count: pruned.deleted });
      total += pruned.deleted;
      if (pruned.cursor.length > 0) next[table] = pruned.cursor;
    } catch (error) {
      // Tables are independent. The next run repeats the ones that failed.
      if (cursor.length > 0) next[table] = cursor;
      logLine("error", "retention.prune_failed", { ...shardField(context), table, error: describeError(error) });
    }
  }
  if (JSON.stringify(next) !== JSON.stringify(cursors)) await storeCursors(db, TASK, next);
  return total;
}

/**
 * Deletes what is older than the retention, at most once a minute and a bounded number of rows at a time. Events with a pending
 * delivery and unresolved alerts stay. Returns the number of rows and bodies that it deleted.
 */
export const prune: MaintenanceTask = { name: "prune", per: "shard", max_calls: 120, run: pruneShard };
