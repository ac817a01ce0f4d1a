import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, text, textOrNull } from "../rows.ts";

/** The row of a key that another request claimed. `response` is sealed; it is null while that request runs. */
export type EarlierRequest = { readonly request_hash: string; readonly response: string | null };

export type Claim = {
  readonly key: string;
  readonly request_hash: string;
  readonly created_at: string;
  /** Answers made before this are forgotten. */
  readonly forget_before: string;
  /** Claims without an answer from before this were left behind by a request that died. */
  readonly abandoned_before: string;
};

/** Claims a key for a request; null where the claim is ours, else what the earlier request left. */
export async function claimKey(db: PrimaryDatabase, claim: Claim): Promise<EarlierRequest | null> {
  const [, claimed, held] = await db.batch<Row>([
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
  const row = held?.results[0];
  if (claimed?.results.length === 1 || row === undefined) return null;
  return { request_hash: text(row, "request_hash"), response: textOrNull(row, "response") };
}

/** The statement that keeps a request's sealed answer, where that request still holds the key: one taken for dead does not. */
export function keepAnswer(db: PrimaryDatabase, key: string, requestHash: string, sealed: string): D1PreparedStatement {
  return db
    .prepare(
      "UPDATE api_idempotency_keys SET response = ?3 WHERE idempotency_key = ?1 AND request_hash = ?2 AND response IS NULL",
    )
    .bind(key, requestHash, sealed);
}

/** Gives a key up that was claimed and got no answer worth keeping. */
export async function releaseKey(db: PrimaryDatabase, key: string, requestHash: string): Promise<void> {
  await db
    .prepare("DELETE FROM api_idempotency_keys WHERE idempotency_key = ?1 AND request_hash = ?2 AND response IS NULL")
    .bind(key, requestHash)
    .run();
}
