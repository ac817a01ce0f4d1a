import { StartError } from "./start-error.mjs";

const QUEUES = ["EVENTS", "DELIVERIES", "DEAD_LETTERS"];

/** @typedef {import("./worker.mjs").Config["worker"]} Worker */

/**
 * What is bound, by name, whichever way it was written.
 * @param {string[] | Record<string, unknown> | undefined} bound
 * @returns {Record<string, any>}
 */
function named(bound) {
  return Array.isArray(bound) ? Object.fromEntries(bound.map((name) => [name, name])) : { ...bound };
}

/**
 * The databases of the shards, by their bindings.
 * @param {Worker} worker
 */
export function databasesOf({ d1Databases }) {
  return Object.keys(named(d1Databases)).filter((name) => /^DB(?:_\d+)?$/.test(name));
}

/** @param {string} queue @param {number} number */
function ofShard(queue, number) {
  return queue.replace(/-(events|deliveries|dead-letters)$/, `-${number}-$1`);
}

/**
 * The Worker with so many shards: to those of wrangler.toml are added others, with queues like the first one's.
 * A StartError where wrangler.toml has more.
 * @param {Worker} worker
 * @param {number | null} shards null for those of wrangler.toml
 * @returns {Worker}
 */
export function withShards(worker, shards) {
  const present = databasesOf(worker).length;
  if (shards === null) return worker;
  if (shards < present) throw new StartError(`--shards has to be at least ${present}: wrangler.toml binds so many.`);
  const databases = named(worker.d1Databases);
  const producers = named(worker.queueProducers);
  const consumers = named(worker.queueConsumers);
  for (let number = present; number < shards; number++) {
    databases[`DB_${number}`] = `DB_${number}`;
    for (const binding of QUEUES) {
      const producer = producers[binding];
      const first = typeof producer === "string" ? producer : producer?.queueName;
      if (first === undefined) throw new StartError(`wrangler.toml binds no queue as ${binding}.`);
      const queueName = ofShard(first, number);
      producers[`${binding}_${number}`] = { queueName };
      const settings = consumers[first];
      if (typeof settings !== "object") throw new StartError(`wrangler.toml has no consumer for ${first}.`);
      const { deadLetterQueue } = settings;
      consumers[queueName] =
        deadLetterQueue === undefined ? settings : { ...settings, deadLetterQueue: ofShard(deadLetterQueue, number) };
    }
  }
  return { ...worker, d1Databases: databases, queueProducers: producers, queueConsumers: consumers };
}
