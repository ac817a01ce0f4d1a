import { env } from "cloudflare:workers";
import { parseDeliveries } from "../../src/storage/events/deliveries-column.ts";
import { type StoredRow, Table } from "./table.ts";

// How tests read and write tables. A change of the schema changes this list, and those tests that are about the change.

const AT = "2026-11-01T00:00:00.000Z";
const TIMES = { created_at: AT, updated_at: AT };

const EVENT = { outcome: "received", received_at: AT, version: 1, deliveries: [], content: {} };

/** Tests change deliveries in the full form. */
function eventText(row: StoredRow, column: string): string {
  return column === "deliveries" ? JSON.stringify(parseDeliveries(row)) : String(row[column]);
}

/** The tables of a database: their names in SQL, and values for columns that a test does not care about. */
export function tablesOf(db: D1Database) {
  return {
    accepted_numbers: new Table(db, "accepted_numbers"),
    alert_aliases: new Table(db, "alert_aliases"),
    alert_histories: new Table(db, "alert_histories", { version: 1, log: {} }),
    alerts: new Table(db, "alerts", {
      namespace: "n",
      key: "k",
      status: "open",
      fields: {},
      fields_from: "evt_1",
      dedup_count: 0,
      ...TIMES,
    }),
    announcements: new Table(db, "announcements", { quiet_until: 0, since: 0, count: 0, facts: {} }),
    api_idempotency_keys: new Table(db, "api_idempotency_keys", { request_hash: "hash", created_at: AT }),
    audit: new Table(db, "audit"),
    captured_values: new Table(db, "captured_values"),
    concurrency_leases: new Table(db, "concurrency_leases", { attempts: 1 }),
    config_revision: new Table(db, "config_revision"),
    dead_letters: new Table(db, "dead_letters", { queue: "hookgate-dead-letters", message: {}, received_at: AT }),
    destination_health: new Table(db, "destination_health", { failures: 1, failing_since: 0 }),
    destinations: new Table(db, "destinations", {
      name: "Receiver",
      type: "webhook",
      method: "POST",
      headers: {},
      auth: { type: "none" },
      signing: { scheme: "standard-webhooks" },
      payload: { mode: "envelope" },
      options: {},
      timeout_ms: 10_000,
      enabled: true,
      ...TIMES,
    }),
    events: new Table(db, "events", EVENT, eventText),
    group_members: new Table(db, "group_members"),
    groups: new Table(db, "groups", { closed: false }),
    heartbeats: new Table(db, "heartbeats", { seen_at: 0 }),
    inbound_idempotency_keys: new Table(db, "inbound_idempotency_keys"),
    integration_addresses: new Table(db, "integration_addresses"),
    integrations: new Table(db, "integrations", {
      name: "Night watch",
      type: "pagertree",
      enabled: true,
      auth: { type: "none" },
      options: {},
      ...TIMES,
    }),
    keys: new Table(db, "keys"),
    lone_alerts: new Table(db, "lone_alerts"),
    maintenance_tasks: new Table(db, "maintenance_tasks", { next_at: 0, position: {} }),
    oauth_requests: new Table(db, "oauth_requests"),
    oauth_tokens: new Table(db, "oauth_tokens", { renewable: false, leased_until: 0 }),
    outbox: new Table(db, "outbox", { message: {}, sends: 0, send_at: 0 }),
    rate_limit_slots: new Table(db, "rate_limit_slots"),
    rejections: new Table(db, "rejections", { counts: {} }),
    replays: new Table(db, "replays", {
      filter: {},
      status: "done",
      rate_per_second: 1,
      count: 0,
      replayed: 0,
      failed: 0,
      position: "",
      step_at: 0,
      ...TIMES,
    }),
    rollups: new Table(db, "rollups", { accepted: 0 }),
    routes: new Table(db, "routes", { name: "Route", enabled: true, group_window_seconds: 0, ...TIMES }),
    segments: new Table(db, "segments"),
    series: new Table(db, "series", { counts: {} }),
    series_parts: new Table(db, "series_parts", { counts: [] }),
    sessions: new Table(db, "sessions", { created_at: AT, used_at: AT }),
    tokens: new Table(db, "tokens", { scopes: [], ...TIMES }),
    transformation_runs: new Table(db, "transformation_runs"),
    transformation_versions: new Table(db, "transformation_versions"),
    transformations: new Table(db, "transformations"),
  };
}

export type TableName = keyof ReturnType<typeof tablesOf>;

/** The tables of the primary database, which is the first shard too. */
export const tables = tablesOf(env.DB);

/** Reads every row of every table. */
export async function allRows(): Promise<Readonly<Record<string, readonly object[]>>> {
  const rows = Object.entries(tables).map(async ([name, table]) => [name, await table.all()] as const);
  return Object.fromEntries(await Promise.all(rows));
}

/** The revision of the configuration, which each change increases. */
export async function revision(): Promise<number> {
  return Number(await tables.config_revision.value("revision"));
}
