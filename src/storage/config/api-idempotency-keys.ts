import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, text, textOrNull } from "../rows.ts";

/** What is on record for a key that another request claimed. `answer` is sealed, and null while that request runs. */
export type EarlierRequest = { readonly request_hash: string; readonly answer: string | null };

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
      .prepare("DELETE FROM idempotent_answers WHERE created_at < ?1 OR (answer IS NULL AND created_at < ?2)")
      .bind(claim.forget_before, claim.abandoned_before),
    db
      .prepare(
        `INSERT INTO idempotent_answers (idempotency_key, request_hash, answer, created_at) VALUES (?1, ?2, NULL, ?3)
         ON CONFLICT DO NOTHING RETURNING idempotency_key`,
      )
      .bind(claim.key, claim.request_hash, claim.created_at),
    db.prepare("SELECT request_hash, answer FROM idempotent_answers WHERE idempotency_key = ?1").bind(claim.key),
  ]);
  const row = held?.results[0];
  if (claimed?.results.length === 1 || row === undefined) return null;
  return { request_hash: text(row, "request_hash"), answer: textOrNull(row, "answer") };
}

/** The statement that keeps a request's sealed answer, where that request still holds the key: one taken for dead does not. */
export function keepAnswer(db: PrimaryDatabase, key: string, requestHash: string, sealed: string): D1PreparedStatement {
  return db
    .prepare(
      "UPDATE idempotent_answers SET answer = ?3 WHERE idempotency_key = ?1 AND request_hash = ?2 AND answer IS NULL",
    )
    .bind(key, requestHash, sealed);
}

/** Gives a key up that was claimed and got no answer worth keeping. */
export async function releaseKey(db: PrimaryDatabase, key: string, requestHash: string): Promise<void> {
  await db
    .prepare("DELETE FROM idempotent_answers WHERE idempotency_key = ?1 AND request_hash = ?2 AND answer IS NULL")
    .bind(key, requestHash)
    .run();
}
