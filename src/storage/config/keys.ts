import type { StoredKey } from "../../model/key.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn, text, textOrNull } from "../rows.ts";

function parseKey(row: Row): StoredKey {
  return {
    purpose: text(row, "purpose"),
    id: text(row, "id"),
    created_at: text(row, "created_at"),
    expires_at: textOrNull(row, "expires_at"),
    wraps: fromColumn(row, "wraps"),
  };
}

const READ = "SELECT * FROM keys ORDER BY purpose, id";

export async function readKeys(db: PrimaryDatabase): Promise<readonly StoredKey[]> {
  const { results } = await db.prepare(READ).all<Row>();
  return results.map(parseKey);
}

function insertKey(db: PrimaryDatabase, sql: string, key: StoredKey): D1PreparedStatement {
  const { purpose, id, created_at, expires_at, wraps } = key;
  return db.prepare(sql).bind(purpose, id, created_at, expires_at, JSON.stringify(wraps));
}

const INSERT_MISSING = `
  INSERT INTO keys (purpose, id, created_at, expires_at, wraps)
  SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM keys WHERE purpose = ?1)`;

/** Inserts those keys whose purpose has none yet, and returns all keys. Of isolates that do so at once, one inserts. */
export async function insertMissingKeys(
  db: PrimaryDatabase,
  keys: readonly StoredKey[],
): Promise<readonly StoredKey[]> {
  const results = await db.batch<Row>([...keys.map((key) => insertKey(db, INSERT_MISSING, key)), db.prepare(READ)]);
  return (results.at(-1)?.results ?? []).map(parseKey);
}

/** Replaces the wraps of a key, unless they have changed since it was read. */
export async function storeWraps(db: PrimaryDatabase, key: StoredKey, wraps: StoredKey["wraps"]): Promise<boolean> {
  const { meta } = await db
    .prepare("UPDATE keys SET wraps = ?3 WHERE purpose = ?1 AND id = ?2 AND wraps = ?4")
    .bind(key.purpose, key.id, JSON.stringify(wraps), JSON.stringify(key.wraps))
    .run();
  return meta.changes > 0;
}

/**
 * Returns the statements that make a key the one that signs. The others sign until `retires_at`, and those that have
 * expired are deleted.
 */
export function replaceSigningKey(
  db: PrimaryDatabase,
  key: StoredKey,
  retires_at: string,
): readonly D1PreparedStatement[] {
  return [
    db.prepare("DELETE FROM keys WHERE purpose = 'sign' AND expires_at <= ?1").bind(key.created_at),
    db
      .prepare("UPDATE keys SET expires_at = min(coalesce(expires_at, ?1), ?1) WHERE purpose = 'sign'")
      .bind(retires_at),
    insertKey(db, "INSERT INTO keys (purpose, id, created_at, expires_at, wraps) VALUES (?1, ?2, ?3, ?4, ?5)", key),
  ];
}

// A credential begins with the id of the key that made it.
const READ_IDS_IN_USE = `
  SELECT token_hash AS made FROM tokens
  UNION ALL
  SELECT coalesce(auth->>'token_hash', auth->>'password_hash', auth->>'sealed_secret') FROM integrations
  UNION ALL
  SELECT coalesce(
    signing_secrets->>'$[0].sealed', auth->>'sealed_password', auth->>'sealed_token', auth->>'sealed_client_secret',
    auth->>'sealed_secret_access_key'
  ) FROM destinations`;

const MADE = /^([0-9a-f]{8})\./;

/** The keys that made the credentials on record, for a gateway that has none stored. */
export type KeysInUse = { readonly has_config: boolean; readonly ids: ReadonlySet<string> };

/** Reads which keys made the credentials of a gateway. It reads the whole config, so it is for the first start only. */
export async function readKeysInUse(db: PrimaryDatabase): Promise<KeysInUse> {
  const { results } = await db.prepare(READ_IDS_IN_USE).all<Row>();
  const ids = results.flatMap((row) => MADE.exec(textOrNull(row, "made") ?? "")?.[1] ?? []);
  return { has_config: results.length > 0, ids: new Set(ids) };
}
