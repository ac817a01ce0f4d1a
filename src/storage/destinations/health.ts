import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { FailingDestination } from "../../model/destination-health.ts";
import { type Row, integer, integerOrNull, text } from "../rows.ts";

// The circuit breakers of destinations. A destination that is healthy has no row.

function parseFailing(row: Row): FailingDestination {
  return {
    destination_id: text(row, "destination_id"),
    failures: integer(row, "failures"),
    failing_since: integer(row, "failing_since"),
    retry_at: integerOrNull(row, "retry_at"),
    probe_until: integerOrNull(row, "probe_until"),
  };
}

/** Returns the destinations whose latest attempts failed. */
export async function readFailing(db: PrimaryDatabase): Promise<FailingDestination[]> {
  const { results } = await db.prepare("SELECT * FROM destination_health").all<Row>();
  return results.map(parseFailing);
}

const RECORD_FAILURES = `
  INSERT INTO destination_health (destination_id, failures, failing_since) SELECT ?1, ?2, ?3
  WHERE EXISTS (SELECT 1 FROM destinations WHERE id = ?1)
  ON CONFLICT (destination_id) DO UPDATE SET failures = failures + excluded.failures
  RETURNING *`;

/** Counts failed attempts. Returns the destination's state after them, or null if the destination was deleted. */
export async function recordFailures(
  db: PrimaryDatabase,
  id: string,
  count: number,
  nowMs: number,
): Promise<FailingDestination | null> {
  const row = await db.prepare(RECORD_FAILURES).bind(id, count, nowMs).first<Row>();
  return row === null ? null : parseFailing(row);
}

/** Opens the breaker until `untilMs`, or until its present end if that is later, and ends a probe. */
export async function openBreaker(db: PrimaryDatabase, id: string, untilMs: number): Promise<void> {
  await db
    .prepare(
      `UPDATE destination_health SET retry_at = MAX(COALESCE(retry_at, 0), ?2), probe_until = NULL
       WHERE destination_id = ?1`,
    )
    .bind(id, untilMs)
    .run();
}

/** Deletes a destination's failures. Returns whether there were any. */
export async function recordRecovery(db: PrimaryDatabase, id: string): Promise<boolean> {
  const row = await db
    .prepare("DELETE FROM destination_health WHERE destination_id = ? RETURNING destination_id")
    .bind(id)
    .first<Row>();
  return row !== null;
}

const CLAIM_PROBE = `
  UPDATE destination_health SET probe_until = ?3
  WHERE destination_id = ?1 AND retry_at <= ?2 AND (probe_until IS NULL OR probe_until <= ?2)
  RETURNING destination_id`;

/**
 * Claims the one attempt that tests a destination after its breaker's time. Returns false if another isolate holds the claim,
 * which ends at `untilMs`.
 */
export async function claimProbe(db: PrimaryDatabase, id: string, nowMs: number, untilMs: number): Promise<boolean> {
  return (await db.prepare(CLAIM_PROBE).bind(id, nowMs, untilMs).first<Row>()) !== null;
}
