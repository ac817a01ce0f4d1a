import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, integer, text } from "../rows.ts";

/** A request for a share of a destination's concurrency limit. */
export type LeaseRequest = {
  readonly destination_id: string;
  /** The number of attempts at a time that the caller can use. */
  readonly attempts: number;
  /** The destination's limit, over all isolates. */
  readonly max_concurrency: number;
};

const DELETE_EXPIRED = "DELETE FROM concurrency_leases WHERE expires_at <= ?1";
const LEASE = `
  INSERT INTO concurrency_leases (destination_id, lease_id, attempts, expires_at)
  SELECT r.id, ?2, MIN(r.attempts, r.max_concurrency - r.taken), ?3 FROM (
    SELECT value->>'destination_id' AS id, value->>'attempts' AS attempts, value->>'max_concurrency' AS max_concurrency,
      (SELECT COALESCE(SUM(l.attempts), 0) FROM concurrency_leases l WHERE l.destination_id = value->>'destination_id') AS taken
    FROM json_each(?1)) r
  WHERE r.max_concurrency > r.taken
  RETURNING destination_id, attempts`;

/**
 * Leases concurrency across isolates, until `expiresAtMs` or `releaseConcurrency`. Returns the attempts at a time that the caller may
 * make, by destination; a destination that is fully leased is left out.
 */
export async function leaseConcurrency(
  db: PrimaryDatabase,
  leaseId: string,
  requests: readonly LeaseRequest[],
  nowMs: number,
  expiresAtMs: number,
): Promise<ReadonlyMap<string, number>> {
  const [, leased] = await db.batch<Row>([
    db.prepare(DELETE_EXPIRED).bind(nowMs),
    db.prepare(LEASE).bind(JSON.stringify(requests), leaseId, expiresAtMs),
  ]);
  return new Map((leased?.results ?? []).map((row) => [text(row, "destination_id"), integer(row, "attempts")]));
}

/** Releases what a lease holds of these destinations. */
export async function releaseConcurrency(
  db: PrimaryDatabase,
  leaseId: string,
  destinationIds: readonly string[],
): Promise<void> {
  await db
    .prepare(
      "DELETE FROM concurrency_leases WHERE lease_id = ?1 AND destination_id IN (SELECT value FROM json_each(?2))",
    )
    .bind(leaseId, JSON.stringify(destinationIds))
    .run();
}
