import { queueOperations } from "../cost.mjs";

// Wraps the gateway's handlers and counts billed usage: rows of D1 from the `meta` of its results, operations of Queues by
// chunks of 64 KB. Only the benchmark runs this. `POST /__meter` returns the counts and resets them.

const GATEWAY = "../index.js"; // the bundle; it has this path only in the runtime
const { default: worker } = await import(GATEWAY);

const nothing = () => ({
  requests: 0,
  batches: 0,
  d1_queries: 0,
  rows_read: 0,
  rows_written: 0,
  sql_ms: 0,
  subrequests: 0,
  queue_operations: 0,
  r2_operations: 0,
});
let meter = nothing();

/** Counts a call that leaves the Worker. @template T @param {T} answer @returns {T} */
function called(answer) {
  meter.subrequests += 1;
  return answer;
}

// Requests to destinations count as subrequests too.
const platformFetch = globalThis.fetch;
globalThis.fetch = (...args) => called(platformFetch(...args));

/** @param {any} result */
function count(result) {
  meter.d1_queries += 1;
  meter.rows_read += result.meta.rows_read;
  meter.rows_written += result.meta.rows_written;
  meter.sql_ms += result.meta.duration;
  return result;
}

/** Maps each wrapped statement to D1's own. */
const inner = new WeakMap();

/** @param {any} statement @returns {object} */
function meteredStatement(statement) {
  const metered = {
    bind: (/** @type {unknown[]} */ ...values) => meteredStatement(statement.bind(...values)),
    all: async () => count(await called(statement.all())),
    run: async () => count(await called(statement.run())),
    /** @param {string} [column] */
    async first(column) {
      const [row] = count(await called(statement.all())).results;
      if (row === undefined) return null;
      return column === undefined ? row : row[column];
    },
    raw() {
      throw new Error("The meter does not see the rows of raw().");
    },
  };
  inner.set(metered, statement);
  return metered;
}

/** @param {any} db @returns {object} */
function meteredDatabase(db) {
  return {
    prepare: (/** @type {string} */ sql) => meteredStatement(db.prepare(sql)),
    /** @param {object[]} statements */
    batch: async (statements) => (await called(db.batch(statements.map((each) => inner.get(each))))).map(count),
    exec() {
      throw new Error("The meter does not see the rows of exec().");
    },
    withSession: () => meteredDatabase(db),
  };
}

/** @param {unknown} body */
function operationsOf(body) {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)).byteLength;
  return queueOperations(bytes);
}

/** @param {any} queue */
function meteredQueue(queue) {
  return {
    /** @param {unknown} body @param {unknown} options */
    send(body, options) {
      meter.queue_operations += operationsOf(body);
      return called(queue.send(body, options));
    },
    /** @param {Iterable<{ body: unknown }>} messages @param {unknown} options */
    sendBatch(messages, options) {
      const sent = [...messages];
      for (const { body } of sent) meter.queue_operations += operationsOf(body);
      return called(queue.sendBatch(sent, options));
    },
  };
}

/** @param {any} bucket */
function meteredBucket(bucket) {
  const counted =
    (/** @type {string} */ name) =>
    (/** @type {unknown[]} */ ...args) => {
      meter.r2_operations += 1;
      return called(bucket[name](...args));
    };
  return Object.fromEntries(["head", "get", "put", "list", "delete"].map((name) => [name, counted(name)]));
}

/**
 * Reading a message is billed, and so is deleting it after its acknowledgement. A retry is read again.
 * @param {any} batch
 */
function meteredBatch(batch) {
  meter.batches += 1;
  const messages = batch.messages.map((/** @type {any} */ message) => {
    const operations = operationsOf(message.body);
    meter.queue_operations += operations;
    let isDecided = false;
    const ack = () => {
      if (!isDecided) meter.queue_operations += operations;
      isDecided = true;
      message.ack();
    };
    const retry = (/** @type {unknown} */ options) => {
      isDecided = true;
      message.retry(options);
    };
    const { id, timestamp, body, attempts } = message;
    return { id, timestamp, body, attempts, ack, retry };
  });
  return {
    queue: batch.queue,
    messages,
    ackAll() {
      for (const message of messages) message.ack();
    },
    /** @param {unknown} options */
    retryAll(options) {
      for (const message of messages) message.retry(options);
    },
  };
}

/** @type {object | null} */
let metered = null;

/** @param {Record<string, unknown>} env */
function meteredEnv(env) {
  metered ??= Object.fromEntries(
    Object.entries(env).map(([name, binding]) => {
      if (name === "DB") return [name, meteredDatabase(binding)];
      if (name === "BODIES") return [name, meteredBucket(binding)];
      if (["EVENTS", "DELIVERIES", "DEAD_LETTERS"].includes(name)) return [name, meteredQueue(binding)];
      return [name, binding];
    }),
  );
  return metered;
}

export default {
  /** @param {Request} request @param {any} env @param {unknown} ctx */
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/__meter") {
      const counted = meter;
      meter = nothing();
      return Response.json(counted);
    }
    meter.requests += 1;
    return await worker.fetch(request, meteredEnv(env), ctx);
  },
  /** @param {unknown} batch @param {any} env @param {unknown} ctx */
  async queue(batch, env, ctx) {
    const counting = meteredBatch(batch);
    await worker.queue(counting, meteredEnv(env), ctx);
    counting.ackAll(); // as the runtime does with undecided messages
  },
  /** @param {unknown} controller @param {any} env @param {unknown} ctx */
  async scheduled(controller, env, ctx) {
    await worker.scheduled(controller, meteredEnv(env), ctx);
  },
};
