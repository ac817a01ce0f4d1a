import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, text, textOrNull } from "../rows.ts";

/** The request that claimed a key first. `response` is sealed, or null while that request runs. */
export type EarlierRequest = { readonly request_hash: string; readonly response: string | null };

/** A claim of a key. Times are ISO 8601. */
export type IdempotencyClaim = {
  readonly key: string;
  readonly request_hash: string;
  readonly created_at: string;
  /** Responses stored before this time are deleted. */
  readonly forget_before: string;
  /** Claims without a response from before this time are deleted: their request died. */
  readonly abandoned_before: string;
};

/** Claims a key for a request. Returns null if the claim succeeded, or the request that claimed the key first. */
export async function claimIdempotencyKey(
  db: PrimaryDatabase,
  claim: IdempotencyClaim,
): Promise<EarlierRequest | null> {
  const [, claimed, standing] = await db.batch<Row>([
    db
      .prepare("DELETE FROM api_idempotency_keys WHERE created_at < ?1 OR (response IS NULL AND created_at < ?2)")
      .bind(claim.forget_before, claim.abandoned_before),
    db
      .prepare(
        `INSERT INTO api_idempotency_keys (idempotency_key, request_hash, response, created_at) VALUES (?1, ?2, NULL, ?3)
         ON CONFLICT DO NOTHING RETURNING idempotency_key`,
      )
      .bind(claim.key, claim.request_hash, claim.created_at),
    db.prepare("SELECT request_hash, response FROM api_idempotency_keys WHERE idempotency_key = ?1").bind(claim.key),
  ]);
  const row = standing?.results[0];
  if (claimed?.results.length === 1 || row === undefined) return null;
  return { request_hash: text(row, "request_hash"), response: textOrNull(row, "response") };
}

/**
 * Returns the statement that stores a request's sealed response. It writes nothing if the request lost its claim, which
 * happens if it ran past `abandoned_before` of another. `shows`: the event or the alert whose content it has, or SHOWS_MANY.
 */
export function storeIdempotentResponse(
  db: PrimaryDatabase,
  key: string,
  requestHash: string,
  sealed: string,
  shows: string | null,
): D1PreparedStatement {
  return db
    .prepare(
      "UPDATE api_idempotency_keys SET response = ?3, shows = ?4 WHERE idempotency_key = ?1 AND request_hash = ?2 AND response IS NULL",
    )
    .bind(key, requestHash, sealed, shows);
}

/** What a response shows that has the content of several events. */
export const SHOWS_MANY = "*";

/**
 * Forgets the stored responses that show the content of an event, or may do so. `subjects`: the ids of the event and of its alert. Their
 * keys stay claimed, so that no request runs a second time.
 */
export async function forgetResponsesAbout(db: PrimaryDatabase, subjects: readonly string[]): Promise<void> {
  await db
    .prepare(
      "UPDATE api_idempotency_keys SET response = '', shows = NULL WHERE shows IN (SELECT value FROM json_each(?1))",
    )
    .bind(JSON.stringify([SHOWS_MANY, ...subjects]))
    .run();
}

/** Releases a claim of a request that failed, so that it can be sent again. */
export async function releaseIdempotencyKey(db: PrimaryDatabase, key: string, requestHash: string): Promise<void> {
  await db
    .prepare("DELETE FROM api_idempotency_keys WHERE idempotency_key = ?1 AND request_hash = ?2 AND response IS NULL")
    .bind(key, requestHash)
    .run();
}
