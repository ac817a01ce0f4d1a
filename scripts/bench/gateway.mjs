import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { applyMigrations } from "../local/migrations.mjs";
import { startRuntime } from "./runtime.mjs";

/** The counting Worker, as modules before the gateway's. */
const METERED = ["workers/metered.mjs", "cost.mjs"].map((path) => ({
  type: /** @type {const} */ ("ESModule"),
  path,
  contents: readFileSync(new URL(path, import.meta.url), "utf8"),
}));

/**
 * The tools that all sections share.
 * @typedef {object} Bench
 * @property {string} root the checkout that is measured
 * @property {import("./options.mjs").Plan} plan
 * @property {import("../build/worker.mjs").WorkerBuild} built the Worker as it is deployed
 * @property {import("../local/worker.mjs").Config} config
 * @property {(name: string) => string} folder makes a folder
 * @property {Awaited<ReturnType<typeof import("./helper.mjs").startHelper>>} load
 * @property {Awaited<ReturnType<typeof import("./helper.mjs").startHelper>>} receiver
 * @property {(text: string) => void} note something to be shown below the table
 * @property {(text: string) => void} fail something that makes the run a failure
 */

/** @typedef {Awaited<ReturnType<typeof startGateway>>} Gateway */
/** @typedef {Pick<import("miniflare").V4WorkerOptions, "workerLoaders" | "serviceBindings">} More what runs transformations */

/**
 * Starts the gateway on the modules that would be deployed.
 * @param {Bench} bench
 * @param {{ folder?: string, durability?: "queue" | "outbox", consumers?: boolean, metered?: boolean, bindings?: Record<string, string>, more?: More }} [options]
 * `metered` runs it behind a Worker that counts billed operations of D1 and Queues; `more`: bindings other than variables
 */
export async function startGateway(bench, options = {}) {
  const { durability = "queue", consumers = false, metered = false, bindings = {}, more = {} } = options;
  const { worker, migrations } = bench.config;
  const adminToken = `adm_${randomBytes(16).toString("hex")}`;
  const state = options.folder ?? bench.folder("gateway");
  const { modules } = bench.built;
  const runtime = await startRuntime(
    {
      ...worker,
      ...more,
      modules: metered ? [...METERED, ...modules] : modules,
      queueConsumers: consumers ? (worker.queueConsumers ?? {}) : {},
      bindings: {
        ...worker.bindings,
        ADMIN_TOKEN: adminToken,
        MASTER_KEY: Buffer.alloc(32, 7).toString("base64"), // the same for all runs, so that a folder can be opened again
        ALLOW_PRIVATE_DESTINATIONS: "true",
        ACCEPT_DURABILITY: durability,
        HOT_HOURS: "",
        ...bindings,
      },
    },
    state,
  );
  await applyMigrations(await runtime.miniflare.getD1Database("DB"), migrations, state);
  const url = `http://127.0.0.1:${runtime.port}`;

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @returns {Promise<any>}
   */
  async function call(method, path, body) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }

  return {
    ...runtime,
    state,
    adminToken,
    /** @param {string} path below /api/v1 @param {unknown} fields */
    create: (path, fields) => call("POST", `/api/v1${path}`, fields),
    /** @param {string} path */
    read: (path) => call("GET", path),
    /** What was billed since the last time that this was asked; only where it is metered. @returns {Promise<Meter>} */
    meter: () => call("POST", "/__meter"),
    /** Runs maintenance once, as the cron trigger does every minute. */
    async runMaintenance() {
      await (await runtime.miniflare.getWorker()).scheduled({ cron: "* * * * *" });
    },
    /**
     * Creates a destination and a route to it from an integration.
     * @param {{ id: string }} integration
     * @param {string[]} urls
     * @returns {Promise<any[]>} the destinations
     */
    async connect(integration, urls) {
      const destinations = [];
      for (const [index, target] of urls.entries()) {
        const fields = { name: `Receiver ${index}`, type: "webhook", url: target };
        destinations.push(await call("POST", "/api/v1/destinations", fields));
      }
      await call("POST", "/api/v1/routes", {
        name: "To the receiver",
        integration_ids: [integration.id],
        destination_ids: destinations.map(({ id }) => id),
      });
      return destinations;
    },
  };
}

/**
 * Billed usage: invocations of the Worker, rows of D1, operations of Queues and R2.
 * @typedef {{ requests: number, batches: number, d1_queries: number, rows_read: number, rows_written: number, sql_ms: number, subrequests: number, queue_operations: number, r2_operations: number }} Meter
 */
