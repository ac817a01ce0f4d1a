import { randomUUID } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

// What a Cloudflare account holds, as far as deployments use it.

export type Binding = { readonly type: string; readonly name: string; readonly [field: string]: unknown };
export type Consumer = {
  readonly consumer_id: string;
  readonly script: string;
  readonly settings: { readonly batch_size?: number };
  readonly dead_letter_queue?: string;
};
export type Queue = { readonly queue_id: string; readonly queue_name: string; consumers: Consumer[] };
export type Database = { readonly uuid: string; readonly name: string; readonly sql: DatabaseSync };
export type Worker = {
  bindings: readonly Binding[];
  readonly secrets: Map<string, string>;
  schedules: readonly string[];
  isOnWorkersDev: boolean;
  migrationTag: string | null;
  limits: unknown;
  /** How many versions were uploaded. */
  versions: number;
};

/** An account with nothing in it. */
export class Account {
  readonly id = "0123456789abcdef0123456789abcdef";
  readonly workers = new Map<string, Worker>();
  readonly databases: Database[] = [];
  /** The objects of each bucket. */
  readonly buckets = new Map<string, Map<string, Buffer>>();
  readonly queues: Queue[] = [];
  /** The Worker of each custom domain. */
  readonly domains = new Map<string, string>();
  /** Hosts with DNS records of their own. */
  readonly dnsRecords = new Set<string>();

  addWorker(name: string, bindings: readonly Binding[] = []): Worker {
    const worker = {
      bindings,
      secrets: new Map<string, string>(),
      schedules: [],
      isOnWorkersDev: false,
      migrationTag: null,
      limits: null,
      versions: 0,
    };
    this.workers.set(name, worker);
    return worker;
  }

  addDatabase(name: string): Database {
    const database = { uuid: randomUUID(), name, sql: new DatabaseSync(":memory:") };
    this.databases.push(database);
    return database;
  }

  addQueue(name: string, consumer?: string): Queue {
    const consumers = consumer === undefined ? [] : [{ consumer_id: randomUUID(), script: consumer, settings: {} }];
    const queue = { queue_id: randomUUID(), queue_name: name, consumers };
    this.queues.push(queue);
    return queue;
  }

  /** The Worker of this name. Throws if there is none. */
  worker(name: string): Worker {
    const worker = this.workers.get(name);
    if (worker === undefined) throw new Error(`There is no Worker ${name}.`);
    return worker;
  }

  /** The database of this name or id. Throws if there is none. */
  database(nameOrId: string): Database {
    const found = this.databases.find(({ name, uuid }) => name === nameOrId || uuid === nameOrId);
    if (found === undefined) throw new Error(`There is no database ${nameOrId}.`);
    return found;
  }

  /** What each binding of a Worker that names a resource is bound to, and the text of each variable. */
  boundBy(name: string): Record<string, unknown> {
    const entries = this.worker(name).bindings.map((binding) => {
      const database = this.databases.find(({ uuid }) => uuid === binding["id"])?.name;
      const target = binding["queue_name"] ?? binding["bucket_name"] ?? binding["class_name"] ?? binding["text"];
      return [binding.name, database ?? target ?? binding.type];
    });
    return Object.fromEntries(entries);
  }

  /** The names of the migrations that a database has. */
  migrationsOf(database: string): string[] {
    const rows = this.database(database).sql.prepare("SELECT name FROM d1_migrations ORDER BY id").all();
    return rows.map(({ name }) => String(name));
  }

  /** The Workers that take messages from each queue, with the size of their batches. */
  consumers(): Record<string, string> {
    return Object.fromEntries(
      this.queues.map(({ queue_name: name, consumers }) => [
        name,
        consumers.map(({ script, settings }) => `${script} ${settings.batch_size ?? ""}`.trim()).join(", "),
      ]),
    );
  }
}
