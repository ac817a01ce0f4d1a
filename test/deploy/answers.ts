import { randomUUID } from "node:crypto";
import type { Account, Binding, Worker } from "./account.ts";

/** An error that the API responds with. */
export class ApiFault extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A page of a list, with its `result_info`. */
export class Page {
  readonly result: unknown;
  readonly info: object;

  constructor(result: unknown, info: object) {
    this.result = result;
    this.info = info;
  }
}

export type Request = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: ReturnType<typeof JSON.parse>;
  readonly bytes: Buffer;
};
type Answer = (account: Account, request: Request, ...parts: string[]) => unknown;

const WORKERS_DEV = "acme";
const ID = "0".repeat(32);

function workerOf(account: Account, name: string): Worker {
  const worker = account.workers.get(name);
  if (worker === undefined) throw new ApiFault(404, 10_090, "This Worker does not exist on your account.");
  return worker;
}

function bucketOf(account: Account, name: string): Map<string, Buffer> {
  const objects = account.buckets.get(name);
  if (objects === undefined) throw new ApiFault(404, 10_006, "The specified bucket does not exist.");
  return objects;
}

/** Stores an upload. What it inherits must be there. */
function upload(account: Account, name: string, { bindings, migrations, limits }: Request["body"]): Worker {
  const worker = account.workers.get(name) ?? account.addWorker(name);
  const sent: readonly Binding[] = bindings ?? [];
  const stored: Binding[] = [];
  for (const binding of sent) {
    const before = worker.bindings.find((one) => one.name === binding.name);
    if (binding.type === "secret_text") worker.secrets.set(binding.name, String(binding["text"]));
    else if (binding.type !== "inherit") stored.push(binding);
    else if (before !== undefined) stored.push(before);
    else if (!worker.secrets.has(binding.name)) {
      throw new ApiFault(400, 10_057, `The binding ${binding.name} cannot be inherited.`);
    }
  }
  for (const { type, id, queue_name: queue, bucket_name: bucket } of stored) {
    if (type === "d1") account.database(String(id));
    if (type === "r2_bucket" && !account.buckets.has(String(bucket)))
      throw new ApiFault(400, 10_085, "No such bucket.");
    if (type === "queue" && !account.queues.some(({ queue_name: known }) => known === queue)) {
      throw new ApiFault(400, 11_000, `Queue ${String(queue)} does not exist.`);
    }
  }
  worker.bindings = stored;
  worker.limits = limits ?? null;
  worker.migrationTag = migrations?.new_tag ?? worker.migrationTag;
  worker.versions += 1;
  return worker;
}

const uploaded = { id: randomUUID(), etag: "etag", startup_time_ms: 10, resources: { script: { etag: "etag" } } };

function query(account: Account, id: string, sql: string, params: readonly string[] = []) {
  const database = account.database(id).sql;
  const done = (results: unknown[]) => [{ results, success: true, meta: { duration: 0 } }];
  try {
    if (/^\s*(?:select|pragma|with)\b/i.test(sql)) return done(database.prepare(sql).all(...params));
  } catch (error) {
    throw new ApiFault(400, 7500, error instanceof Error ? error.message : String(error));
  }
  try {
    database.exec("BEGIN");
    if (params.length > 0) database.prepare(sql).run(...params);
    else database.exec(sql);
    database.exec("COMMIT");
    return done([]);
  } catch (error) {
    database.exec("ROLLBACK");
    throw new ApiFault(400, 7500, error instanceof Error ? error.message : String(error));
  }
}

function setConsumer(account: Account, queueId: string, consumerId: string, { body }: Request): unknown {
  const queue = account.queues.find(({ queue_id: id }) => id === queueId);
  if (queue === undefined) throw new ApiFault(404, 11_001, "Queue not found");
  const others = queue.consumers.filter(({ consumer_id: id }) => id !== consumerId);
  if (others.length > 0) throw new ApiFault(400, 11_004, "Queue already has a consumer.");
  const { script_name: script, settings, dead_letter_queue: dead } = body;
  queue.consumers = [{ consumer_id: consumerId, script, settings, dead_letter_queue: dead }];
  return queue.consumers[0];
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  "GET /workers/services/([^/]+)": (account, _request, name = "") => {
    const { migrationTag } = workerOf(account, name);
    const script = { id: name, tag: ID, tags: [], last_deployed_from: "wrangler", migration_tag: migrationTag };
    return { id: name, default_environment: { environment: "production", script } };
  },
  "GET /workers/scripts": ({ workers }) => [...workers.keys()].map((id) => ({ id })),
  "GET /workers/scripts/([^/]+)/secrets": (account, _request, name = "") =>
    [...workerOf(account, name).secrets.keys()].map((secret) => ({ name: secret, type: "secret_text" })),
  "GET /workers/scripts/([^/]+)/settings": (account, _request, name = "") => {
    const { bindings, secrets } = workerOf(account, name);
    return { bindings: [...bindings, ...[...secrets.keys()].map((secret) => ({ type: "secret_text", name: secret }))] };
  },
  "GET /workers/scripts/([^/]+)/subdomain": (account, _request, name = "") => {
    const { isOnWorkersDev } = workerOf(account, name);
    return { enabled: isOnWorkersDev, previews_enabled: isOnWorkersDev };
  },
  "POST /workers/scripts/([^/]+)/subdomain": (account, { body }, name = "") => {
    workerOf(account, name).isOnWorkersDev = body.enabled;
    return { enabled: body.enabled, previews_enabled: body.previews_enabled };
  },
  "GET /workers/workers/([^/]+)": (account, _request, name = "") => {
    const { isOnWorkersDev } = workerOf(account, name);
    return { id: ID, name, subdomain: { enabled: isOnWorkersDev, previews_enabled: isOnWorkersDev } };
  },
  "GET /workers/subdomain": () => ({ subdomain: WORKERS_DEV }),
  "GET /workers/domains": ({ domains }, { query: asked }) =>
    [...domains]
      .map(([hostname, service]) => ({ id: hostname, hostname, service }))
      .filter(({ hostname }) => hostname === (asked.get("hostname") ?? hostname))
      .filter(({ service }) => service === (asked.get("service") ?? service)),
  "GET /workers/scripts/([^/]+)/deployments": (account, _request, name = "") => ({
    deployments:
      workerOf(account, name).versions === 0 ? [] : [{ id: ID, versions: [{ version_id: ID, percentage: 100 }] }],
  }),
  "POST /workers/scripts/([^/]+)/assets-upload-session": () => ({ jwt: "a.b.c", buckets: [] }),
  "PUT /workers/scripts/([^/]+)": (account, { body }, name = "") => {
    upload(account, name, body);
    return { ...uploaded, deployment_id: randomUUID() };
  },
  "POST /workers/scripts/([^/]+)/versions": (account, { body }, name = "") => {
    upload(account, name, body);
    return uploaded;
  },
  "POST /workers/scripts/([^/]+)/deployments": () => ({ id: randomUUID() }),
  "PATCH /workers/scripts/([^/]+)/script-settings": () => ({}),
  "GET /workers/scripts/([^/]+)/schedules": (account, _request, name = "") => ({
    schedules: workerOf(account, name).schedules.map((cron) => ({ cron })),
  }),
  "PUT /workers/scripts/([^/]+)/schedules": (account, { body }, name = "") => {
    workerOf(account, name).schedules = body.map(({ cron }: { readonly cron: string }) => cron);
    return { schedules: body };
  },
  "POST /workers/scripts/([^/]+)/domains/changeset": ({ domains, dnsRecords }, { body }, name = "") => {
    const hosts: string[] = body.map(({ hostname }: { readonly hostname: string }) => hostname);
    const entries = (chosen: readonly string[]) =>
      chosen.map((hostname) => ({ id: hostname, hostname, modified: true }));
    return {
      added: entries(hosts.filter((host) => !domains.has(host))),
      removed: [],
      updated: entries(hosts.filter((host) => domains.has(host) && domains.get(host) !== name)),
      conflicting: entries(hosts.filter((host) => dnsRecords.has(host))),
    };
  },
  "PUT /workers/scripts/([^/]+)/domains/records": (account, { body }, name = "") => {
    workerOf(account, name);
    for (const { hostname } of body.origins) account.domains.set(hostname, name);
    return body.origins;
  },
  "GET /d1/database/([^/]+)": (account, _request, nameOrId = "") => {
    const found = account.databases.find(({ name, uuid }) => name === nameOrId || uuid === nameOrId);
    if (found === undefined) throw new ApiFault(404, 7404, "The database could not be found");
    return { uuid: found.uuid, name: found.name, version: "production" };
  },
  "GET /d1/database": ({ databases }, { query: asked }) =>
    databases.filter(({ name }) => name.includes(asked.get("name") ?? "")).map(({ uuid, name }) => ({ uuid, name })),
  "POST /d1/database": (account, { body }) => {
    const { uuid, name } = account.addDatabase(body.name);
    return { uuid, name };
  },
  "POST /d1/database/([^/]+)/query": (account, { body }, id = "") => query(account, id, body.sql, body.params),
  "GET /r2/buckets/([^/]+)": (account, _request, name = "") => {
    bucketOf(account, name);
    return { name };
  },
  "GET /r2/buckets": ({ buckets }) => ({ buckets: [...buckets.keys()].map((name) => ({ name })) }),
  "POST /r2/buckets": ({ buckets }, { body }) => {
    buckets.set(body.name, new Map());
    return { name: body.name };
  },
  "DELETE /r2/buckets/([^/]+)": (account, _request, name = "") => {
    if (bucketOf(account, name).size > 0) throw new ApiFault(409, 10_008, "The bucket is not empty.");
    account.buckets.delete(name);
    return {};
  },
  "GET /r2/buckets/([^/]+)/objects": (account, { query: asked }, name = "") => {
    const keys = [...bucketOf(account, name).keys()].filter((key) => key > (asked.get("cursor") ?? "")).toSorted();
    const page = keys.slice(0, Number(asked.get("per_page") ?? 20));
    const isTruncated = page.length < keys.length;
    const info = { is_truncated: isTruncated, ...(isTruncated ? { cursor: page.at(-1) } : {}) };
    return new Page(
      page.map((key) => ({ key })),
      info,
    );
  },
  "GET /r2/buckets/([^/]+)/objects/(.+)": (account, _request, name = "", key = "") => {
    const object = bucketOf(account, name).get(key);
    if (object === undefined) throw new ApiFault(404, 10_007, "The specified key does not exist.");
    return object;
  },
  "PUT /r2/buckets/([^/]+)/objects/(.+)": (account, { bytes }, name = "", key = "") => {
    bucketOf(account, name).set(key, bytes);
    return { key };
  },
  "DELETE /r2/buckets/([^/]+)/objects/(.+)": (account, _request, name = "", key = "") => {
    bucketOf(account, name).delete(key);
    return { key };
  },
  "GET /queues": ({ queues }, { query: asked }) =>
    queues
      .filter(({ queue_name: name }) => name === (asked.get("name") ?? name))
      .map((queue) => ({
        ...queue,
        producers: [],
        consumers: queue.consumers.map((consumer) => ({ ...consumer, type: "worker" })),
      })),
  "POST /queues": (account, { body }) => account.addQueue(body.queue_name),
  "POST /queues/([^/]+)/consumers": (account, request, id = "") => setConsumer(account, id, randomUUID(), request),
  "DELETE /queues/([^/]+)/consumers/([^/]+)": ({ queues }, _request, id = "", consumer = "") => {
    const queue = queues.find(({ queue_id: each }) => each === id);
    if (queue === undefined) throw new ApiFault(404, 11_001, "Queue not found");
    queue.consumers = queue.consumers.filter(({ consumer_id: each }) => each !== consumer);
    return {};
  },
  "DELETE /queues/([^/]+)": ({ queues }, _request, id = "") => {
    const index = queues.findIndex(({ queue_id: each }) => each === id);
    if (index < 0) throw new ApiFault(404, 11_001, "Queue not found");
    if ((queues[index]?.consumers.length ?? 0) > 0) throw new ApiFault(400, 11_005, "Queue has consumers.");
    queues.splice(index, 1);
    return {};
  },
  "DELETE /workers/services/([^/]+)": (account, _request, name = "") => {
    workerOf(account, name);
    if (account.queues.some(({ consumers }) => consumers.some(({ script }) => script === name))) {
      throw new ApiFault(400, 10_064, "The Worker is the consumer of a queue.");
    }
    account.workers.delete(name);
    return {};
  },
  "DELETE /workers/domains/([^/]+)": ({ domains }, _request, host = "") => {
    domains.delete(host);
    return {};
  },
  "DELETE /d1/database/([^/]+)": (account, _request, id = "") => {
    account.databases.splice(account.databases.indexOf(account.database(id)), 1);
    return {};
  },
  "PUT /queues/([^/]+)/consumers/([^/]+)": (account, request, id = "", consumer = "") =>
    setConsumer(account, id, consumer, request),
};

const ROUTES = Object.entries(ANSWERS).map(([route, answer]) => ({ route: new RegExp(`^${route}$`), answer }));

/** The `result` of a call. Throws an ApiFault if the API would refuse it. */
export function answerOf(account: Account, request: Request): unknown {
  for (const { route, answer } of ROUTES) {
    const match = route.exec(`${request.method} ${request.path}`);
    if (match !== null) return answer(account, request, ...match.slice(1).map(decodeURIComponent));
  }
  throw new ApiFault(404, 7003, `The stand-in does not know ${request.method} ${request.path}.`);
}
