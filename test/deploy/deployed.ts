import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Account } from "./account.ts";

const MIGRATIONS = join(import.meta.dirname, "../../migrations");
const CREATE_LOG =
  "CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)";

export const SECRETS = {
  ADMIN_TOKEN: "adm_of-the-deployed-gateway",
  MASTER_KEY: "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
};

/** The names of the migrations of this version, in their order. */
export function ownMigrations(): string[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
}

/** Adds what a deployed gateway has to an account, as a deployment of this version leaves it. */
export function addGateway(account: Account, name: string): void {
  const { uuid, sql } = account.addDatabase(name);
  sql.exec(CREATE_LOG);
  for (const file of ownMigrations()) {
    sql.exec(readFileSync(join(MIGRATIONS, file), "utf8"));
    sql.prepare("INSERT INTO d1_migrations (name) VALUES (?)").run(file);
  }
  account.buckets.set(`${name}-bodies`, new Map());
  for (const queue of ["events", "deliveries", "dead-letters"]) account.addQueue(`${name}-${queue}`, name);
  const worker = account.addWorker(name, [
    { type: "d1", name: "DB", id: uuid },
    { type: "r2_bucket", name: "BODIES", bucket_name: `${name}-bodies` },
    { type: "queue", name: "EVENTS", queue_name: `${name}-events` },
    { type: "queue", name: "DELIVERIES", queue_name: `${name}-deliveries` },
    { type: "queue", name: "DEAD_LETTERS", queue_name: `${name}-dead-letters` },
    { type: "durable_object_namespace", name: "LISTENERS", class_name: "Listener" },
  ]);
  for (const [secret, value] of Object.entries(SECRETS)) worker.secrets.set(secret, value);
  worker.schedules = ["* * * * *"];
  worker.isOnWorkersDev = true;
  worker.migrationTag = "v1";
  worker.versions = 1;
}
