import { compact } from "../alerts/compact.ts";
import type { Context } from "../context.ts";
import { lowestIdAt } from "../model/ids.ts";
import type { Shard } from "../platform/shards.ts";
import {
  CHUNK,
  deleteEvents,
  deleteExpired,
  deleteExpiredOfPrimary,
  deleteHistories,
  compactHistories,
  lookThrough,
  readEventsInUse,
  readOldEvents,
  readOldHistories,
} from "../storage/maintenance/prune.ts";
import { type Positions, claimTask, keepPositions } from "../storage/maintenance/maintenance-tasks.ts";
import { describeError, logLine } from "../platform/log.ts";

const TASK = "retention";
const EVERY_MS = 60_000;
/** Tables that have to be gone through from end to end, which is begun this often: what is read there is billed too. */
const ROUNDS: ReadonlySet<string> = new Set(["bodies", "histories", "alerts", "inbound_idempotency_keys", "groups"]);
const ROUND_TASK = "retention_round";
const ROUND_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;
/** Chunks of events that one run deletes: with one run a minute, some seven million a day. */
const MAX_CHUNKS = 10;
const BODY_PREFIX = "events/";
/** What R2 lists, and deletes, at a time. */
const BODIES_PAGE = 1_000;

async function pruneEvents({ shard: { db }, bodies }: Context, beforeMs: number): Promise<number> {
  let deleted = 0;
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk++) {
    const events = await readOldEvents(db, beforeMs);
    if (events.length === 0) break;
    // The bodies first: a row without its body shows that it is gone, a body without its row shows nothing.
    const keys = events.flatMap(({ stored_at }) => (stored_at?.startsWith(BODY_PREFIX) === true ? [stored_at] : []));
    if (keys.length > 0) await bodies.delete(keys);
    deleted += await deleteEvents(
      db,
      events.map(({ id }) => id),
    );
    if (events.length < CHUNK) break;
  }
  return deleted;
}

type Pruned = { readonly position: readonly string[]; readonly deleted: number };

/** Bodies that no event of any shard refers to: of a sender's repeats, and of events that were never processed. */
async function pruneBodies(
  { shards, bodies }: Context,
  beforeMs: number,
  position: readonly string[],
): Promise<Pruned> {
  const [startAfter] = position;
  const { objects, truncated } = await bodies.list({
    prefix: BODY_PREFIX,
    limit: BODIES_PAGE,
    ...(startAfter === undefined ? {} : { startAfter }),
  });
  const before = lowestIdAt("evt", beforeMs);
  const ids = objects.map(({ key }) => key.slice(BODY_PREFIX.length)).filter((id) => id < before);
  const last = objects.at(-1);
  const next = truncated && last !== undefined && ids.length === objects.length ? [last.key] : [];
  if (ids.length === 0) return { position: next, deleted: 0 };
  const inUse = await Promise.all(shards.map(({ db }) => readEventsInUse(db, ids)));
  const gone = ids.filter((id) => !inUse.some((ofShard) => ofShard.has(id))).map((id) => `${BODY_PREFIX}${id}`);
  if (gone.length > 0) await bodies.delete(gone);
  return { position: next, deleted: gone.length };
}

async function pruneHistories({ db }: Shard, beforeMs: number, from: readonly string[]): Promise<Pruned> {
  const { histories, position } = await readOldHistories(db, beforeMs, from);
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
  return { position, deleted: gone.length === 0 ? 0 : await deleteHistories(db, gone) };
}

/**
 * Deletes what a shard holds that is older than the retention, a bounded number of rows at a time and once a minute at most; what goes on is
 * kept: events with a pending delivery, alerts that are unresolved. Answers how many rows and bodies went.
 */
export async function prune(context: Context, nowMs: number): Promise<number> {
  const { primary, shard } = context;
  const { db } = shard;
  const positions = await claimTask(db, TASK, nowMs, nowMs + EVERY_MS);
  if (positions === null) return 0;
  const isRoundDue = (await claimTask(db, ROUND_TASK, nowMs, nowMs + ROUND_MS)) !== null;
  const beforeMs = nowMs - context.settings.retention_days * DAY_MS;
  const before = new Date(beforeMs).toISOString();
  const now = new Date(nowMs).toISOString();
  const next: Record<string, readonly string[]> = {};
  const only = (run: () => Promise<number>) => async (): Promise<Pruned> => ({ position: [], deleted: await run() });
  type Tasks = Readonly<Record<string, (position: readonly string[]) => Promise<Pruned>>>;
  const ofHome: Tasks = {
    // All shards keep them in one place.
    bodies: (position) => pruneBodies(context, beforeMs, position),
    api_idempotency_keys: only(() =>
      deleteExpiredOfPrimary(primary, "api_idempotency_keys", new Date(nowMs - DAY_MS).toISOString()),
    ),
    oauth_requests: only(() => deleteExpiredOfPrimary(primary, "oauth_requests", nowMs)),
    integration_addresses: only(() => deleteExpiredOfPrimary(primary, "integration_addresses", now)),
  };
  const tasks: Tasks = {
    events: only(() => pruneEvents(context, beforeMs)),
    histories: (position) => pruneHistories(shard, beforeMs, position),
    alerts: (position) => lookThrough(db, "alerts", before, position),
    inbound_idempotency_keys: (position) =>
      lookThrough(db, "inbound_idempotency_keys", lowestIdAt("evt", beforeMs), position),
    groups: (position) => lookThrough(db, "groups", lowestIdAt("evt", beforeMs), position),
    replays: only(() => deleteExpired(db, "replays", lowestIdAt("rpl", beforeMs))),
    dead_letters: only(() => deleteExpired(db, "dead_letters", before)),
    ...(shard.number === 0 ? ofHome : {}),
  };
  let total = 0;
  for (const [name, run] of Object.entries(tasks)) {
    const position = positions[name] ?? [];
    if (ROUNDS.has(name) && position.length === 0 && !isRoundDue) continue;
    try {
      const pruned = await run(position);
      total += pruned.deleted;
      if (pruned.position.length > 0) next[name] = pruned.position;
    } catch (error) {
      // Each is its own: what cannot be pruned now is tried again a minute later.
      if (position.length > 0) next[name] = position;
      logLine("error", "not pruned", { table: name, error: describeError(error) });
    }
  }
  if (JSON.stringify(next) !== JSON.stringify(positions)) await keepPositions(db, TASK, next satisfies Positions);
  return total;
}
