import { type Env, databaseAt, queueAt } from "./bindings.ts";

declare const PRIMARY: unique symbol;
declare const SHARD: unique symbol;

/** The database of the configuration and of everything that belongs to destinations. */
export type PrimaryDatabase = D1Database & { readonly [PRIMARY]: true };
/** The database of the events of one shard. No statement may join it with the primary's tables. */
export type ShardDatabase = D1Database & { readonly [SHARD]: true };

/**
 * A database for events and its queues. Shard 0 is bound as `DB`, `EVENTS`, `DELIVERIES`, `DEAD_LETTERS`, and its database is the
 * primary too. Others are bound under the same names with their number: `DB_1`, `EVENTS_1`, …
 */
export type Shard = {
  readonly number: number;
  readonly db: ShardDatabase;
  readonly events: Queue;
  readonly deliveries: Queue;
  readonly dead_letters: Queue;
};

export type Shards = readonly [first: Shard, ...others: Shard[]];

/** Where the events of one shard are stored: its database, and the bucket that all shards share. */
export type EventStores = { readonly shard: Shard; readonly bodies: R2Bucket };

/** The stores and queues of a gateway. */
export type Platform = { readonly primary: PrimaryDatabase; readonly shards: Shards; readonly bodies: R2Bucket };

const NUMBERED_BINDING = /^(?:DB|EVENTS|DELIVERIES|DEAD_LETTERS)_([1-9]\d{0,2})$/;
const NUMBERED_QUEUE = /-([1-9]\d{0,2})-(?:events|deliveries|dead-letters)$/;
const MAX_NAMED = 8;

const known = new WeakMap<Env, Platform>();

// The name of a binding decides what its database holds. These functions only tell the compiler.
function assertPrimary(_db: D1Database): asserts _db is PrimaryDatabase {}
function assertShard(_db: D1Database): asserts _db is ShardDatabase {}

/** Marks a database as the primary. */
export function asPrimary(db: D1Database): PrimaryDatabase {
  assertPrimary(db);
  return db;
}

/** Marks a database as one of events. */
export function asShard(db: D1Database): ShardDatabase {
  assertShard(db);
  return db;
}

type BoundShards = { readonly bound: readonly Shard[]; readonly missing: readonly string[] };

/** Returns the shards after the first whose bindings are complete, and the names of missing bindings. */
function findShards(env: Env): BoundShards {
  const last = Math.max(0, ...Object.keys(env).map((name) => Number(NUMBERED_BINDING.exec(name)?.[1] ?? 0)));
  const bound: Shard[] = [];
  const missing: string[] = [];
  for (let number = 1; number <= last; number++) {
    const DB = databaseAt(env, `DB_${number}`);
    const EVENTS = queueAt(env, `EVENTS_${number}`);
    const DELIVERIES = queueAt(env, `DELIVERIES_${number}`);
    const DEAD_LETTERS = queueAt(env, `DEAD_LETTERS_${number}`);
    if (DB !== null && EVENTS !== null && DELIVERIES !== null && DEAD_LETTERS !== null) {
      bound.push({ number, db: asShard(DB), events: EVENTS, deliveries: DELIVERIES, dead_letters: DEAD_LETTERS });
    }
    for (const [name, binding] of Object.entries({ DB, EVENTS, DELIVERIES, DEAD_LETTERS })) {
      if (binding === null) missing.push(`${name}_${number}`);
    }
  }
  return { bound, missing: missing.slice(0, MAX_NAMED) };
}

/** Returns the names of missing bindings of shards after the first. */
export function missingOfShards(env: Env): readonly string[] {
  return findShards(env).missing;
}

function firstShard(env: Env): Shard {
  const { DB, EVENTS, DELIVERIES, DEAD_LETTERS } = env;
  return { number: 0, db: asShard(DB), events: EVENTS, deliveries: DELIVERIES, dead_letters: DEAD_LETTERS };
}

/** Returns the shards whose database is bound, for a check of what is missing. */
export function shardsWithDatabase(env: Env): readonly Shard[] {
  return [...(databaseAt(env, "DB") === null ? [] : [firstShard(env)]), ...findShards(env).bound];
}

function build(env: Env): Platform {
  const { bound, missing } = findShards(env);
  if (missing.length > 0) {
    throw new Error(`The bindings of the shards are incomplete. Missing, or not of their kind: ${missing.join(", ")}`);
  }
  return { primary: asPrimary(env.DB), shards: [firstShard(env), ...bound], bodies: env.BODIES };
}

/** Returns the stores and queues that are bound. Throws an error that names each missing binding of a partly bound shard. */
export function platformOf(env: Env): Platform {
  const found = known.get(env);
  if (found !== undefined) return found;
  const platform = build(env);
  known.set(env, platform);
  return platform;
}

/** Returns the shard of this number, or null if it is not bound. */
export function findShard(shards: Shards, number: number): Shard | null {
  return shards[number] ?? null;
}

/** Names the shard in a log line. Returns no field if there is only one shard. */
export function shardField({ shards, shard }: { readonly shards: Shards; readonly shard: Shard }): {
  readonly shard?: number;
} {
  return shards.length === 1 ? {} : { shard: shard.number };
}

/** Returns the shard that a queue belongs to, by the number in its name, or null if that shard is not bound. */
export function shardOfQueue(shards: Shards, queue: string): Shard | null {
  // With one shard, a number in the name belongs to the gateway's own name.
  if (shards.length === 1) return shards[0];
  return findShard(shards, Number(NUMBERED_QUEUE.exec(queue)?.[1] ?? 0));
}

/** Returns the number of the shard for a new integration: FNV-1a of its id, so that the choice is repeatable. */
export function pickShard(shards: Shards, id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  // The lowest bits of this hash vary least.
  return ((hash ^ (hash >>> 16)) >>> 0) % shards.length;
}
