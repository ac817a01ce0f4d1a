import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { Integration } from "../../model/integration.ts";
import { MANAGERS } from "../../model/managed-by.ts";
import { type Statement, changeConfig, parseRevision } from "./revision.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, oneOfOrNull, text, textOrNull } from "../rows.ts";
import { removeFromRoutes } from "./routes.ts";
import { type PageQuery, findRow, insertRow, selectPage, updateRow, upsertRows } from "../tables.ts";

const COLUMNS = [
  "id",
  "name",
  "type",
  "enabled",
  "auth",
  "allowed_ips",
  "options",
  "response",
  "rate_limit",
  "handshake",
  "transformation_id",
  "address",
  "shard",
  "external_id",
  "managed_by",
  "created_at",
  "updated_at",
] as const;

export function parseIntegration(row: Row): Integration {
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    type: text(row, "type"),
    enabled: integer(row, "enabled") === 1,
    auth: fromColumn(row, "auth"),
    allowed_ips: fromColumnOrNull(row, "allowed_ips"),
    options: fromColumn(row, "options"),
    response: fromColumnOrNull(row, "response"),
    rate_limit: fromColumnOrNull(row, "rate_limit"),
    handshake: fromColumnOrNull(row, "handshake"),
    transformation_id: textOrNull(row, "transformation_id"),
    address: textOrNull(row, "address"),
    shard: integer(row, "shard"),
    external_id: textOrNull(row, "external_id"),
    managed_by: oneOfOrNull(row, "managed_by", MANAGERS),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

export async function findIntegration(db: PrimaryDatabase, id: string): Promise<Integration | null> {
  const row = await findRow(db, "integrations", id);
  return row === null ? null : parseIntegration(row);
}

/**
 * An integration, found by one of its addresses. `expires_at` is when that address ends, in ms since 1970, or null if it does
 * not. The integration has not changed while the config still has this `revision`.
 */
export type AddressedIntegration = {
  readonly integration: Integration;
  readonly expires_at: number | null;
  readonly revision: number;
};

const FIND_AT = `
  SELECT integrations.*, at.expires_at, (SELECT revision FROM config_revision WHERE id = 1) AS revision
  FROM integrations LEFT JOIN integration_addresses AS at ON at.address = ?1
  WHERE integrations.id = coalesce(at.integration_id, ?1)
    AND CASE WHEN at.address IS NULL THEN integrations.address IS NULL ELSE coalesce(at.expires_at > ?2, true) END`;

/** Returns the integration that an address belongs to at a time (ISO 8601), or null if there is none. */
export async function findIntegrationAt(
  db: PrimaryDatabase,
  address: string,
  now: string,
): Promise<AddressedIntegration | null> {
  const row = await db.prepare(FIND_AT).bind(address, now).first<Row>();
  if (row === null) return null;
  const expires_at = textOrNull(row, "expires_at");
  return {
    integration: parseIntegration(row),
    expires_at: expires_at === null ? null : Date.parse(expires_at),
    revision: parseRevision(row),
  };
}

/** Returns integrations, newest first: one more than the page's limit if there are more. */
export async function listIntegrations(db: PrimaryDatabase, page: PageQuery, name?: string): Promise<Integration[]> {
  return (await selectPage(db, "integrations", page, name)).map(parseIntegration);
}

/** Returns the statement that inserts an integration, for `changeConfig`. */
export function insertIntegration(db: PrimaryDatabase, integration: Integration): D1PreparedStatement {
  return insertRow(db, "integrations", COLUMNS, integration);
}

/** Returns the statements that insert integrations or replace those of the same ids, for a transaction. */
export function upsertIntegrations(db: PrimaryDatabase, rows: readonly Integration[]): readonly D1PreparedStatement[] {
  return upsertRows(db, "integrations", COLUMNS, rows);
}

export type IntegrationChanges = {
  readonly [Field in keyof Integration]?: Integration[Field] | undefined;
};

/** Changes the given fields, and records that. Returns the integration after the change, or null if there is none with this id. */
export async function updateIntegration(
  db: PrimaryDatabase,
  id: string,
  changes: IntegrationChanges,
  record: readonly Statement[],
): Promise<Integration | null> {
  const [updated] = await changeConfig(db, [updateRow(db, "integrations", COLUMNS, id, changes), ...record]);
  const row = updated?.results[0];
  return row === undefined ? null : parseIntegration(row);
}

export type CredentialRotation = {
  /** The property of `auth` that holds the credential. */
  readonly property: string;
  /** The new credential in its stored form. */
  readonly value: string;
  /** When the replaced credential stops being accepted, or null if it stops at once. */
  readonly retires_at: string | null;
  readonly at: string;
};

// Computed from the row in the statement, so that two concurrent rotations keep each other's credential.
const ROTATE = `
  UPDATE integrations SET updated_at = ?4, auth = json_set(auth, ?2, ?3, '$.previous', (
    SELECT json_group_array(json(entry)) FROM (
      SELECT value AS entry FROM json_each(integrations.auth, '$.previous') WHERE value->>'expires_at' > ?4 AND ?5 IS NOT NULL
      UNION ALL
      SELECT json_object('value', json_extract(integrations.auth, ?2), 'expires_at', ?5) WHERE ?5 IS NOT NULL
    )
  ))
  WHERE id = ?1 AND json_extract(auth, ?2) IS NOT NULL
  RETURNING *`;

/** Returns the statement that replaces an integration's credential, for `changeConfig`. */
export function rotateCredential(db: PrimaryDatabase, id: string, rotation: CredentialRotation): D1PreparedStatement {
  const { property, value, retires_at, at } = rotation;
  return db.prepare(ROTATE).bind(id, `$.${property}`, value, at, retires_at);
}

/** A secret that a sender brought, sealed, and the hash of the token by which it was let in. */
export type LearnedSecret = {
  readonly scheme: string;
  readonly verify_token_hash: string;
  readonly sealed_secret: string;
  readonly at: string;
};

// Of two handshakes at once, one finds the secret of the other. A token that was replaced meanwhile lets nothing in.
const LEARN = `
  UPDATE integrations SET updated_at = ?5, auth = json_set(auth, '$.sealed_secret', ?4)
  WHERE id = ?1 AND auth->>'scheme' = ?2 AND auth->>'verify_token_hash' = ?3 AND auth->>'sealed_secret' = ''
  RETURNING id`;

/** Stores a secret that a sender brought, and records that, unless there is one already. Returns whether it was stored. */
export async function learnSecret(
  db: PrimaryDatabase,
  id: string,
  { scheme, verify_token_hash, sealed_secret, at }: LearnedSecret,
  record: Statement,
): Promise<boolean> {
  const learn = db.prepare(LEARN).bind(id, scheme, verify_token_hash, sealed_secret, at);
  const [learned] = await changeConfig(db, [learn, record]);
  return learned?.results.length === 1;
}

export type AddressRotation = {
  readonly address: string;
  /** When the replaced address stops working, or null if it stops at once. */
  readonly retires_at: string | null;
  readonly at: string;
};

/** Returns the statements that give an integration another address, for `changeConfig`. */
export function rotateAddress(
  db: PrimaryDatabase,
  id: string,
  { address, retires_at, at }: AddressRotation,
): readonly D1PreparedStatement[] {
  return [
    db
      .prepare("DELETE FROM integration_addresses WHERE integration_id = ?1 AND (expires_at <= ?2 OR ?3 IS NULL)")
      .bind(id, at, retires_at),
    db
      .prepare("UPDATE integration_addresses SET expires_at = ?2 WHERE integration_id = ?1 AND expires_at IS NULL")
      .bind(id, retires_at),
    db
      .prepare(
        `INSERT INTO integration_addresses (address, integration_id, expires_at)
         SELECT id, id, ?2 FROM integrations WHERE id = ?1 AND address IS NULL AND ?2 IS NOT NULL`,
      )
      .bind(id, retires_at),
    db
      .prepare(
        `INSERT INTO integration_addresses (address, integration_id, expires_at)
         SELECT ?2, id, NULL FROM integrations WHERE id = ?1`,
      )
      .bind(id, address),
    db.prepare("UPDATE integrations SET address = ?2, updated_at = ?3 WHERE id = ?1").bind(id, address, at),
  ];
}

/** Deletes an integration, records that, and removes it from the routes that name it. Returns whether it existed. */
export async function deleteIntegration(
  db: PrimaryDatabase,
  id: string,
  at: string,
  record: readonly Statement[],
): Promise<boolean> {
  const [deleted] = await changeConfig(db, [
    db.prepare("DELETE FROM integrations WHERE id = ? RETURNING id").bind(id),
    ...record,
    db.prepare("DELETE FROM integration_addresses WHERE integration_id = ?").bind(id),
    removeFromRoutes(db, "integration_ids", id, at),
  ]);
  return deleted?.results.length === 1;
}
