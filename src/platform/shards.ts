import { databaseAt, queueAt } from "./bindings.ts";
import type { Env } from "../settings.ts";

// A shard is a database and its queues. The first one is the home: `DB`, `EVENTS`, `DELIVERIES`, `DEAD_LETTERS`, which holds the
// configuration beside its own events. Others are bound under the same names with their number: `DB_1`, `EVENTS_1`, …

/** Every shard as an environment of its own, by number; the first one is the home. */
export type Shards = readonly [home: Env, ...others: Env[]];

const NUMBERED_BINDING = /^(?:DB|EVENTS|DELIVERIES|DEAD_LETTERS)_([1-9]\d{0,2})$/;
const NUMBERED_QUEUE = /-([1-9]\d{0,2})-(?:events|deliveries|dead-letters)$/;
const MAX_NAMED = 8;

const known = new WeakMap<Env, Shards>();

function build(env: Env): Shards {
  const last = Math.max(0, ...Object.keys(env).map((name) => Number(NUMBERED_BINDING.exec(name)?.[1] ?? 0)));
  const shards: [Env, ...Env[]] = [env];
  const missing: string[] = [];
  for (let number = 1; number <= last; number++) {
    const DB = databaseAt(env, `DB_${number}`);
    const EVENTS = queueAt(env, `EVENTS_${number}`);
    const DELIVERIES = queueAt(env, `DELIVERIES_${number}`);
    const DEAD_LETTERS = queueAt(env, `DEAD_LETTERS_${number}`);
    if (DB !== null && EVENTS !== null && DELIVERIES !== null && DEAD_LETTERS !== null) {
      shards.push({ ...env, DB, EVENTS, DELIVERIES, DEAD_LETTERS });
    }
    for (const [name, binding] of Object.entries({ DB, EVENTS, DELIVERIES, DEAD_LETTERS })) {
      if (binding === null) missing.push(`${name}_${number}`);
    }
  }
  if (missing.length > 0) {
    const named = missing.slice(0, MAX_NAMED).join(", ");
    throw new Error(`The bindings of the shards are not complete. Missing, or not of their kind: ${named}`);
  }
  return shards;
}

/**
 * The shards of a gateway, found by their bindings; given the environment of any of them. Throws an error that names what is
 * missing where one is bound in part.
 */
export function shardsOf(env: Env): Shards {
  const found = known.get(env);
  if (found !== undefined) return found;
  const shards = build(env);
  for (const shard of shards) known.set(shard, shards);
  return shards;
}

/** The shard that holds the configuration, and all that belongs to destinations. */
export function homeOf(env: Env): Env {
  return shardsOf(env)[0];
}

/** The shard of this number; null where its bindings are gone. */
export function findShard(env: Env, number: number): Env | null {
  return shardsOf(env)[number] ?? null;
}

/** Which shard a log line is about; nothing where there is only one. */
export function nameOf(shard: Env): { readonly shard?: number } {
  const shards = shardsOf(shard);
  return shards.length === 1 ? {} : { shard: shards.indexOf(shard) };
}

/** The shard that a queue belongs to, by the number in its name; null where that shard is not bound. */
export function shardOfQueue(env: Env, queue: string): Env | null {
  // Where there is one shard, a number belongs to the name of the gateway.
  if (shardsOf(env).length === 1) return env;
  return findShard(env, Number(NUMBERED_QUEUE.exec(queue)?.[1] ?? 0));
}

/** The number of the shard that a new integration goes to: FNV-1a of its id, so that it is always the same one. */
export function spread(env: Env, id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  // The lowest bits of this hash tell the least.
  return ((hash ^ (hash >>> 16)) >>> 0) % shardsOf(env).length;
}
