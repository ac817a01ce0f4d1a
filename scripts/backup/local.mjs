import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { DeployError } from "../deploy/deploy-error.mjs";
import { lockFolder } from "../local/lock.mjs";
import { applyMigrations } from "../local/migrations.mjs";
import { databasesOf, withShards } from "../local/shards.mjs";
import { StartError } from "../local/start-error.mjs";
import { readConfig } from "../local/worker.mjs";

const BUCKET = "BODIES";

/**
 * Opens the data of a gateway of `npm start`, which must be stopped.
 * @param {string} root
 * @param {string} folder
 * @param {{ mayCreate: boolean, shards: number }} options `mayCreate` for a folder that is new, `shards` for those that it must have
 * @returns {Promise<import("./tables.mjs").Store>}
 */
export async function openLocal(root, folder, { mayCreate, shards }) {
  const path = resolve(folder);
  const state = join(path, "state");
  if (!mayCreate && !existsSync(state)) throw new DeployError(`${folder} has no state of a gateway.`);
  mkdirSync(path, { recursive: true });
  try {
    lockFolder(path);
    const { worker: deployed, migrations } = await readConfig(root);
    const worker = withShards(deployed, Math.max(shards, shardsIn(state), databasesOf(deployed).length));
    const runtime = runtimeOf(worker, state);
    try {
      for (const name of databasesOf(worker)) {
        await applyMigrations(await runtime.getD1Database(name), migrations, folder);
      }
    } catch (error) {
      await runtime.dispose();
      throw error;
    }
    return storeOf(runtime, { name: folder, databases: databasesOf(worker), masterKey: masterKeyOf(root, path) });
  } catch (error) {
    throw error instanceof StartError ? new DeployError(error.message) : error;
  }
}

/** How many databases a state has: --shards of npm start is not stored. @param {string} state */
function shardsIn(state) {
  const folder = join(state, "d1/miniflare-D1DatabaseObject");
  if (!existsSync(folder)) return 1;
  return readdirSync(folder).filter((file) => /^[0-9a-f]+\.sqlite$/.test(file)).length;
}

/**
 * @param {import("../local/worker.mjs").Config["worker"]} worker
 * @param {string} state
 */
function runtimeOf({ d1Databases, r2Buckets, compatibilityDate }, state) {
  return new Miniflare(
    convertV4MiniflareOptions({
      d1Databases,
      r2Buckets,
      compatibilityDate,
      modules: true,
      script: "export default {}",
      host: "127.0.0.1",
      port: 0,
      resourcePersistencePath: state,
      cf: false,
    }),
  );
}

/**
 * @param {Miniflare} runtime
 * @param {{ name: string, databases: string[], masterKey: string | null }} of
 * @returns {import("./tables.mjs").Store}
 */
function storeOf(runtime, of) {
  return {
    ...of,
    async query(database, sql, params = []) {
      const db = await runtime.getD1Database(database);
      return (
        await db
          .prepare(sql)
          .bind(...params)
          .all()
      ).results;
    },
    async *keys() {
      const bucket = await runtime.getR2Bucket(BUCKET);
      let cursor;
      do {
        const page = await bucket.list(cursor === undefined ? {} : { cursor });
        yield page.objects.map(({ key }) => key);
        cursor = page.truncated ? page.cursor : undefined;
      } while (cursor !== undefined);
    },
    async read(key) {
      const object = await (await runtime.getR2Bucket(BUCKET)).get(key);
      if (object === null) return null;
      const { httpMetadata, customMetadata } = object;
      return {
        key,
        content_type: httpMetadata?.contentType ?? null,
        metadata: customMetadata ?? {},
        body: Buffer.from(await object.arrayBuffer()),
      };
    },
    async write({ key, content_type: contentType, metadata, body }) {
      const bucket = await runtime.getR2Bucket(BUCKET);
      await bucket.put(key, new Uint8Array(body), {
        customMetadata: metadata,
        ...(contentType === null ? {} : { httpMetadata: { contentType } }),
      });
    },
    close: () => runtime.dispose(),
  };
}

/**
 * The MASTER_KEY that `npm start` would use for a folder; null if it would make one.
 * @param {string} root
 * @param {string} folder
 */
function masterKeyOf(root, folder) {
  const devVars = join(root, ".dev.vars");
  const keys = join(folder, "keys.json");
  const known = [
    process.env["MASTER_KEY"],
    existsSync(devVars) ? parseEnv(readFileSync(devVars, "utf8"))["MASTER_KEY"] : undefined,
    existsSync(keys) ? JSON.parse(readFileSync(keys, "utf8")).MASTER_KEY : undefined,
  ];
  return known.find((key) => typeof key === "string" && key !== "") ?? null;
}
