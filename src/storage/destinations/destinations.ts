import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { AuditEntry } from "../../model/audit.ts";
import { METHODS, type Destination } from "../../model/destination.ts";
import { MANAGERS } from "../../model/managed-by.ts";
import { deleteTokens, deleteTokensOnChange } from "./oauth-tokens.ts";
import type { OutboxRow } from "../pipeline/outbox.ts";
import { insertAuditIfChanged } from "../config/audit.ts";
import { type Statement, changeConfig } from "../config/revision.ts";
import {
  type Row,
  fromColumn,
  fromColumnOrNull,
  integer,
  integerOrNull,
  oneOf,
  oneOfOrNull,
  text,
  textOrNull,
} from "../rows.ts";
import { insertAnnouncement } from "./announcements.ts";
import { removeFromRoutes } from "../config/routes.ts";
import { type PageQuery, findRow, insertRow, selectPage, updateRow, upsertRows } from "../tables.ts";

const COLUMNS = [
  "id",
  "name",
  "type",
  "url",
  "method",
  "headers",
  "sealed_headers",
  "forward_headers",
  "auth",
  "signing",
  "signing_secrets",
  "payload",
  "transformation_id",
  "requests",
  "options",
  "timeout_ms",
  "retry_schedule",
  "rate_limit",
  "max_concurrency",
  "enabled",
  "disabled_reason",
  "external_id",
  "managed_by",
  "paused_at",
  "created_at",
  "updated_at",
] as const;

export function parseDestination(row: Row): Destination {
  // Rows of earlier versions repeat the type in their options.
  const { type: _type, ...options } = fromColumn<Destination["options"] & { type?: string }>(row, "options");
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    type: text(row, "type"),
    url: text(row, "url"),
    method: oneOf(row, "method", METHODS),
    headers: fromColumn(row, "headers"),
    sealed_headers: fromColumn(row, "sealed_headers"),
    forward_headers: fromColumnOrNull(row, "forward_headers") ?? [],
    auth: fromColumn(row, "auth"),
    signing: fromColumn(row, "signing"),
    signing_secrets: fromColumn(row, "signing_secrets"),
    payload: fromColumn(row, "payload"),
    transformation_id: textOrNull(row, "transformation_id"),
    requests: fromColumn(row, "requests"),
    options,
    timeout_ms: integer(row, "timeout_ms"),
    retry_schedule: fromColumnOrNull(row, "retry_schedule"),
    rate_limit: fromColumnOrNull(row, "rate_limit"),
    max_concurrency: integerOrNull(row, "max_concurrency"),
    enabled: integer(row, "enabled") === 1,
    disabled_reason: textOrNull(row, "disabled_reason"),
    external_id: textOrNull(row, "external_id"),
    managed_by: oneOfOrNull(row, "managed_by", MANAGERS),
    paused_at: textOrNull(row, "paused_at"),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

export async function findDestination(db: PrimaryDatabase, id: string): Promise<Destination | null> {
  const row = await findRow(db, "destinations", id);
  return row === null ? null : parseDestination(row);
}

/** Returns destinations, newest first: one more than the page's limit if there are more. */
export async function listDestinations(db: PrimaryDatabase, page: PageQuery, name?: string): Promise<Destination[]> {
  return (await selectPage(db, "destinations", page, name)).map(parseDestination);
}

/** Returns the statement that inserts a destination, for `changeConfig`. */
export function insertDestination(db: PrimaryDatabase, destination: Destination): D1PreparedStatement {
  return insertRow(db, "destinations", COLUMNS, destination);
}

/** Returns the statements that insert destinations or replace those of the same ids, for a transaction. */
export function upsertDestinations(db: PrimaryDatabase, rows: readonly Destination[]): readonly D1PreparedStatement[] {
  return upsertRows(db, "destinations", COLUMNS, rows);
}

export type DestinationChanges = {
  readonly [Field in keyof Destination]?: Destination[Field] | undefined;
};

/** A destination's secrets, and the columns that say where they are sent. */
const SECRET_TARGETS = [
  "url",
  "options",
  "auth",
  "sealed_headers",
  "payload",
  "requests",
] as const satisfies readonly (keyof Destination)[];

/**
 * Changes the given fields, and records that. Returns the destination after the change. Returns null if there is none with this id, or if its
 * secrets or their targets are no longer those of `known`, on which the change was decided.
 */
export async function updateDestination(
  db: PrimaryDatabase,
  id: string,
  changes: DestinationChanges,
  known: Pick<Destination, (typeof SECRET_TARGETS)[number]> | null,
  record: readonly Statement[],
): Promise<Destination | null> {
  const expected = known === null ? {} : Object.fromEntries(SECRET_TARGETS.map((column) => [column, known[column]]));
  const deletions = deleteTokensOnChange(db, id, changes);
  const results = await changeConfig(db, [
    ...deletions,
    updateRow(db, "destinations", COLUMNS, id, changes, expected, { options: "json_remove(options, '$.type')" }),
    ...record,
  ]);
  const row = results[deletions.length]?.results[0];
  return row === undefined ? null : parseDestination(row);
}

export type SecretRotation = {
  /** The new secret, sealed. */
  readonly sealed: string;
  /** When the replaced secret stops signing too, or null if it stops at once. */
  readonly retires_at: string | null;
  /** The number of secrets that may sign. The oldest ones beyond it are removed. */
  readonly max_secrets: number;
  readonly at: string;
};

// Computed from the row in the statement, so that two concurrent rotations keep each other's secret. A destination whose scheme was
// changed to one without secrets stays without.
const ROTATE = `
  UPDATE destinations SET updated_at = ?4, signing_secrets = (
    SELECT json_group_array(json(entry) ORDER BY position) FROM (
      SELECT -1 AS position, json_object('sealed', ?2, 'expires_at', NULL) AS entry
      UNION ALL
      SELECT * FROM (
        SELECT key, json_object('sealed', value->>'sealed', 'expires_at', coalesce(value->>'expires_at', ?3))
        FROM json_each(destinations.signing_secrets)
        WHERE ?3 IS NOT NULL AND coalesce(value->>'expires_at', ?3) > ?4
        ORDER BY key LIMIT ?5 - 1
      )
    )
  )
  WHERE id = ?1 AND json_array_length(signing_secrets) > 0`;

/** Returns the statement that replaces a destination's signing secret, for `changeConfig`. */
export function rotateSigningSecret(db: PrimaryDatabase, id: string, rotation: SecretRotation): D1PreparedStatement {
  const { sealed, retires_at, max_secrets, at } = rotation;
  return db.prepare(ROTATE).bind(id, sealed, retires_at, at, max_secrets);
}

const DISABLE =
  "UPDATE destinations SET enabled = 0, disabled_reason = ?2, updated_at = ?3 WHERE id = ?1 AND enabled = 1 RETURNING id";
const IS_ENABLED = "EXISTS (SELECT 1 FROM destinations WHERE id = ?1 AND enabled = 1)";

/**
 * Disables a destination for a reason that the API shows, records that, and inserts the system event about it into the outbox,
 * unless that is null, in one transaction. A disabled destination keeps its first reason. Returns whether the destination was enabled.
 */
export async function disableDestination(
  db: PrimaryDatabase,
  id: string,
  reason: string,
  systemEvent: OutboxRow | null,
  record: AuditEntry,
): Promise<boolean> {
  const before = systemEvent === null ? [] : [insertAnnouncement(db, systemEvent, IS_ENABLED, id)];
  const results = await changeConfig(db, [
    ...before,
    db.prepare(DISABLE).bind(id, reason, new Date().toISOString()),
    insertAuditIfChanged(db, record),
  ]);
  return results[before.length]?.results.length === 1;
}

/**
 * Deletes a destination with its state, records that, and removes it from the routes that name it. Returns whether it
 * existed.
 */
export async function deleteDestination(
  db: PrimaryDatabase,
  id: string,
  at: string,
  record: readonly Statement[],
): Promise<boolean> {
  const [deleted] = await changeConfig(db, [
    db.prepare("DELETE FROM destinations WHERE id = ? RETURNING id").bind(id),
    ...record,
    removeFromRoutes(db, "destination_ids", id, at),
    ...deleteTokens(db, id),
    ...["destination_health", "rate_limit_slots", "concurrency_leases"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE destination_id = ?`).bind(id),
    ),
  ]);
  return deleted?.results.length === 1;
}
