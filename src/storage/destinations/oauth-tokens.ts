import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { Destination } from "../../model/destination.ts";
import { type Row, integer, integerOrNull, text, textOrNull } from "../rows.ts";

// A token belongs to a destination's URL and authentication. Every statement checks that the destination still has those that the
// caller knows, so that a caller with an old config neither reads nor writes a token of the new one.

/** A destination as the caller knows it. */
export type Configured = Pick<Destination, "id" | "url" | "auth">;

const IS_CURRENT = "SELECT 1 FROM destinations WHERE id = ?1 AND url = ?2 AND auth = ?3";

function known({ id, url, auth }: Configured): readonly [string, string, string] {
  return [id, url, JSON.stringify(auth)];
}

/** The stored token. `sealed` is null while the first token is being fetched. Times are in ms since 1970. */
export type TokenRow = {
  readonly sealed: string | null;
  readonly expires_at: number | null;
  readonly leased_until: number;
};

/** The destination was changed or deleted after the caller read it. */
type Changed = "changed";

/** Returns the stored token of a destination, or null if there is none. */
export async function readToken(db: PrimaryDatabase, configured: Configured): Promise<TokenRow | null | Changed> {
  const row = await db
    .prepare(
      `SELECT t.destination_id, t.sealed, t.expires_at, t.leased_until
       FROM destinations d LEFT JOIN oauth_tokens t ON t.destination_id = d.id
       WHERE d.id = ?1 AND d.url = ?2 AND d.auth = ?3`,
    )
    .bind(...known(configured))
    .first<Row>();
  if (row === null) return "changed";
  if (row["destination_id"] === null) return null;
  return {
    sealed: textOrNull(row, "sealed"),
    expires_at: integerOrNull(row, "expires_at"),
    leased_until: integer(row, "leased_until"),
  };
}

/** Takes the lease to replace the token that was read, unless another caller holds it. Returns whether it was taken. */
export async function takeLease(
  db: PrimaryDatabase,
  configured: Configured,
  read: string | null,
  now_ms: number,
  until_ms: number,
): Promise<boolean> {
  const row = await db
    .prepare(
      `INSERT INTO oauth_tokens (destination_id, sealed, expires_at, renewable, leased_until)
       SELECT ?1, NULL, NULL, 0, ?6 WHERE EXISTS (${IS_CURRENT})
       ON CONFLICT (destination_id) DO UPDATE SET leased_until = excluded.leased_until
       WHERE sealed IS ?4 AND leased_until <= ?5
       RETURNING destination_id`,
    )
    .bind(...known(configured), read, now_ms, until_ms)
    .first<Row>();
  return row !== null;
}

/** Releases a lease that led to no token. */
export async function releaseLease(db: PrimaryDatabase, destinationId: string, until_ms: number): Promise<void> {
  await db
    .prepare("UPDATE oauth_tokens SET leased_until = 0 WHERE destination_id = ?1 AND leased_until = ?2")
    .bind(destinationId, until_ms)
    .run();
}

export type NewToken = {
  readonly sealed: string;
  readonly expires_at: number | null;
  readonly renewable: boolean;
};

/** Replaces the token that was read and ends the lease. Returns whether that token was still stored. */
export async function replaceToken(
  db: PrimaryDatabase,
  configured: Configured,
  read: string | null,
  { sealed, expires_at, renewable }: NewToken,
): Promise<boolean> {
  const row = await db
    .prepare(
      `UPDATE oauth_tokens SET sealed = ?5, expires_at = ?6, renewable = ?7, leased_until = 0
       WHERE destination_id = ?1 AND sealed IS ?4 AND EXISTS (${IS_CURRENT}) RETURNING destination_id`,
    )
    .bind(...known(configured), read, sealed, expires_at, renewable ? 1 : 0)
    .first<Row>();
  return row !== null;
}

/** Stores a newly authorized token over any other. Returns whether the destination is unchanged. */
export async function putToken(db: PrimaryDatabase, configured: Configured, token: NewToken): Promise<boolean> {
  const row = await db
    .prepare(
      `INSERT INTO oauth_tokens (destination_id, sealed, expires_at, renewable, leased_until)
       SELECT ?1, ?4, ?5, ?6, 0 WHERE EXISTS (${IS_CURRENT})
       ON CONFLICT (destination_id) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at,
         renewable = excluded.renewable, leased_until = 0
       RETURNING destination_id`,
    )
    .bind(...known(configured), token.sealed, token.expires_at, token.renewable ? 1 : 0)
    .first<Row>();
  return row !== null;
}

/** Deletes a token that the server refuses, unless it was replaced. */
export async function dropToken(db: PrimaryDatabase, destinationId: string, read: string): Promise<void> {
  await db
    .prepare("DELETE FROM oauth_tokens WHERE destination_id = ?1 AND sealed = ?2")
    .bind(destinationId, read)
    .run();
}

/** Returns the statements that delete a destination's tokens and requests, for the transaction that deletes it. */
export function deleteTokens(db: PrimaryDatabase, destinationId: string): readonly D1PreparedStatement[] {
  return ["oauth_tokens", "oauth_requests"].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE destination_id = ?`).bind(destinationId),
  );
}

/** The same for a change, to run before it. They delete only if the URL or the authentication changes. */
export function deleteTokensOnChange(
  db: PrimaryDatabase,
  destinationId: string,
  changes: { readonly url?: string | undefined; readonly auth?: object | undefined },
): readonly D1PreparedStatement[] {
  const { url, auth } = changes;
  if (url === undefined && auth === undefined) return [];
  return ["oauth_tokens", "oauth_requests"].map((table) =>
    db
      .prepare(
        `DELETE FROM ${table} WHERE destination_id = ?1 AND EXISTS
         (SELECT 1 FROM destinations WHERE id = ?1 AND (url <> coalesce(?2, url) OR auth <> coalesce(?3, auth)))`,
      )
      .bind(destinationId, url ?? null, auth === undefined ? null : JSON.stringify(auth)),
  );
}

/** The part of a token that is no secret. */
export type TokenState = { readonly expires_at: number | null; readonly renewable: boolean };

/** Returns the states of the tokens of these destinations. */
export async function readTokenStates(
  db: PrimaryDatabase,
  destinationIds: readonly string[],
): Promise<ReadonlyMap<string, TokenState>> {
  if (destinationIds.length === 0) return new Map();
  const { results } = await db
    .prepare(
      `SELECT destination_id, expires_at, renewable FROM oauth_tokens
       WHERE sealed IS NOT NULL AND destination_id IN (SELECT value FROM json_each(?))`,
    )
    .bind(JSON.stringify(destinationIds))
    .all<Row>();
  return new Map(
    results.map((row) => [
      text(row, "destination_id"),
      { expires_at: integerOrNull(row, "expires_at"), renewable: integer(row, "renewable") === 1 },
    ]),
  );
}
