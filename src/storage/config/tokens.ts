import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { ApiToken } from "../../model/token.ts";
import type { Statement } from "./revision.ts";
import { type Row, fromColumn, text, textOrNull } from "../rows.ts";
import { type PageQuery, findRow, insertRow, selectPage, updateRow } from "../tables.ts";

const COLUMNS = ["id", "name", "scopes", "token_hash", "expires_at", "created_at", "updated_at"] as const;

export function parseToken(row: Row): ApiToken {
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    scopes: fromColumn(row, "scopes"),
    token_hash: text(row, "token_hash"),
    expires_at: textOrNull(row, "expires_at"),
    created_at: text(row, "created_at"),
    updated_at: text(row, "updated_at"),
  };
}

export async function findToken(db: PrimaryDatabase, id: string): Promise<ApiToken | null> {
  const row = await findRow(db, "tokens", id);
  return row === null ? null : parseToken(row);
}

/** Returns the token with this keyed hash, expired or not, or null if there is none. */
export async function findTokenByHash(db: PrimaryDatabase, hash: string): Promise<ApiToken | null> {
  const row = await db.prepare("SELECT * FROM tokens WHERE token_hash = ?").bind(hash).first<Row>();
  return row === null ? null : parseToken(row);
}

/** Returns the keyed hashes of tokens, at most `max` of them. */
export async function readTokenHashes(db: PrimaryDatabase, max: number): Promise<ReadonlySet<string>> {
  const { results } = await db.prepare("SELECT token_hash FROM tokens LIMIT ?").bind(max).all<Row>();
  return new Set(results.map((row) => text(row, "token_hash")));
}

/** Returns API tokens, newest first: one more than the page's limit if there are more. */
export async function listTokens(db: PrimaryDatabase, page: PageQuery): Promise<ApiToken[]> {
  return (await selectPage(db, "tokens", page)).map(parseToken);
}

/** Inserts a token, in one transaction with the given statements. */
export async function insertToken(
  db: PrimaryDatabase,
  token: ApiToken,
  alongside: readonly Statement[],
): Promise<void> {
  await db.batch([insertRow(db, "tokens", COLUMNS, token), ...alongside]);
}

export type TokenChanges = { readonly [Field in keyof ApiToken]?: ApiToken[Field] | undefined };

/** Changes the given fields, and records that. Returns the token after the change, or null if there is none with this id. */
export async function updateToken(
  db: PrimaryDatabase,
  id: string,
  changes: TokenChanges,
  record: readonly Statement[],
): Promise<ApiToken | null> {
  const [updated] = await db.batch<Row>([updateRow(db, "tokens", COLUMNS, id, changes), ...record]);
  const row = updated?.results[0];
  return row === undefined ? null : parseToken(row);
}

/** Deletes a token, which ends it at once, and records that. Returns whether it existed. */
export async function deleteToken(db: PrimaryDatabase, id: string, record: readonly Statement[]): Promise<boolean> {
  const deletion = db.prepare("DELETE FROM tokens WHERE id = ? RETURNING id").bind(id);
  const [deleted] = await db.batch<Row>([deletion, ...record]);
  return deleted?.results.length === 1;
}
