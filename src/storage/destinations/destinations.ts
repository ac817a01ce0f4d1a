import type { PrimaryDatabase } from "../../platform/shards.ts";
import { METHODS, type Destination } from "../../model/destination.ts";
import { forgetTokens, forgetTokensOnChange } from "./oauth-tokens.ts";
import type { OutboxRow } from "../pipeline/outbox.ts";
import { changeConfiguration } from "../config/revision.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, integerOrNull, oneOf, text, textOrNull } from "../rows.ts";
import { dropFromRoutes } from "../config/routes.ts";
import { type PageQuery, findRow, insertRow, knownIds, selectPage, updateRow } from "../tables.ts";

const COLUMNS = [
  "id",
  "name",
  "type",
  "url",
  "method",
  "headers",
  "sealed_headers",
  "auth",
  "signing",
  "signing_secrets",
  "payload",
  "options",
  "timeout_ms",
  "retry_schedule",
  "rate_limit",
  "max_concurrency",
  "enabled",
  "disabled_reason",
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
    auth: fromColumn(row, "auth"),
    signing: fromColumn(row, "signing"),
    signing_secrets: fromColumn(row, "signing_secrets"),
    payload: fromColumn(row, "payload"),
    options,
    timeout_ms: integer(row, "timeout_ms"),
    retry_schedule: fromColumnOrNull(row, "retry_schedule"),
    rate_limit: fromColumnOrNull(row, "rate_limit"),
    max_concurrency: integerOrNull(row, "max_concurrency"),
    enabled: integer(row, "enabled") === 1,
    disabled_reason: textOrNull(row, "disabled_reason"),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

export async function findDestination(db: PrimaryDatabase, id: string): Promise<Destination | null> {
  const row = await findRow(db, "destinations", id);
  return row === null ? null : parseDestination(row);
}

/** Newest first, with one more than the page's limit where there are more. */
export async function listDestinations(db: PrimaryDatabase, page: PageQuery): Promise<Destination[]> {
  return (await selectPage(db, "destinations", page)).map(parseDestination);
}

export async function knownDestinationIds(db: PrimaryDatabase, ids: readonly string[]): Promise<ReadonlySet<string>> {
  return await knownIds(db, "destinations", ids);
}

/** The statement that stores a new destination, for `changeConfiguration`. */
export function insertDestination(db: PrimaryDatabase, destination: Destination): D1PreparedStatement {
  return insertRow(db, "destinations", COLUMNS, destination);
}

export type DestinationChanges = {
  readonly [Field in keyof Destination]?: Destination[Field] | undefined;
};

/** Where a destination's secrets go, and the secrets: a change that was decided by these is made on nothing else. */
const REACH = ["url", "options", "auth", "sealed_headers", "payload"] as const satisfies readonly (keyof Destination)[];

/**
 * Changes the given fields; answers the destination as it is then. Null where there is none, or where it no longer is what
 * `known` says of secrets and of where they go.
 */
export async function updateDestination(
  db: PrimaryDatabase,
  id: string,
  changes: DestinationChanges,
  known: Pick<Destination, (typeof REACH)[number]> | null = null,
): Promise<Destination | null> {
  const expected = known === null ? {} : Object.fromEntries(REACH.map((column) => [column, known[column]]));
  const results = await changeConfiguration(db, [
    ...forgetTokensOnChange(db, id, changes),
    updateRow(db, "destinations", COLUMNS, id, changes, expected),
  ]);
  const row = results.at(-1)?.results[0];
  return row === undefined ? null : parseDestination(row);
}

export type SecretRotation = {
  /** The new secret, sealed. */
  readonly sealed: string;
  /** Until when the replaced one signs too; null where nothing but the new one does, from now on. */
  readonly retires_at: string | null;
  /** How many secrets may be in force; of more, the oldest are dropped. */
  readonly most: number;
  readonly at: string;
};

// Made of the row as it is then, so that of two rotations at once neither loses the other's secret. A destination whose scheme
// has meanwhile become one without secrets stays without.
const ROTATE = `
  UPDATE destinations SET updated_at = ?4, signing_secrets = (
    SELECT json_group_array(json(entry) ORDER BY place) FROM (
      SELECT -1 AS place, json_object('sealed', ?2, 'expires_at', NULL) AS entry
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

/** The statement that replaces a destination's signing secret, for `changeConfiguration`. */
export function rotateSigningSecret(db: PrimaryDatabase, id: string, rotation: SecretRotation): D1PreparedStatement {
  const { sealed, retires_at, most, at } = rotation;
  return db.prepare(ROTATE).bind(id, sealed, retires_at, at, most);
}

const OFF = "UPDATE destinations SET enabled = 0, disabled_reason = ?2, updated_at = ?3 WHERE id = ?1 AND enabled = 1";
const TELL = `
  INSERT INTO outbox (id, message, sends, send_at) SELECT ?2, ?3, 0, ?4
  WHERE EXISTS (SELECT 1 FROM destinations WHERE id = ?1 AND enabled = 1)
  RETURNING id`;

/**
 * Turns a destination off for a reason that the API shows, and puts an event that tells of it in the outbox, both or neither.
 * One that is off already keeps its first reason. Answers whether it was on.
 */
export async function disableDestination(
  db: PrimaryDatabase,
  id: string,
  reason: string,
  tell: OutboxRow,
): Promise<boolean> {
  const [told] = await changeConfiguration(db, [
    db.prepare(TELL).bind(id, tell.id, tell.message, tell.send_at),
    db.prepare(OFF).bind(id, reason, new Date().toISOString()),
  ]);
  return told?.results.length === 1;
}

/** Deletes a destination and takes it out of the routes that name it; answers whether there was one. */
export async function deleteDestination(db: PrimaryDatabase, id: string, at: string): Promise<boolean> {
  const [deleted] = await changeConfiguration(db, [
    db.prepare("DELETE FROM destinations WHERE id = ? RETURNING id").bind(id),
    dropFromRoutes(db, "destination_ids", id, at),
    ...forgetTokens(db, id),
    ...["destination_health", "rate_limit_slots", "concurrency_leases"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE destination_id = ?`).bind(id),
    ),
  ]);
  return deleted?.results.length === 1;
}
