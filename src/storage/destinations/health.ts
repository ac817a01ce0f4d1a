import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { FailingDestination } from "../../model/destination-health.ts";
import { type Row, integer, integerOrNull, text } from "../rows.ts";

function parseFailing(row: Row): FailingDestination {
  return {
    destination_id: text(row, "destination_id"),
    failures: integer(row, "failures"),
    failing_since: integer(row, "failing_since"),
    retry_at: integerOrNull(row, "retry_at"),
    probe_until: integerOrNull(row, "probe_until"),
  };
}

/** The destinations that are failing now. */
export async function readFailing(db: PrimaryDatabase): Promise<FailingDestination[]> {
  const { results } = await db.prepare("SELECT * FROM destination_health").all<Row>();
  return results.map(parseFailing);
}

const NOTE_FAILURES = `
  INSERT INTO destination_health (destination_id, failures, failing_since) SELECT ?1, ?2, ?3
  WHERE EXISTS (SELECT 1 FROM destinations WHERE id = ?1)
  ON CONFLICT (destination_id) DO UPDATE SET failures = failures + excluded.failures
  RETURNING *`;

/** Counts failed attempts. Returns the state that they led to, or null if there is no such destination. */
export async function noteFailures(
  db: PrimaryDatabase,
  id: string,
  count: number,
  nowMs: number,
): Promise<FailingDestination | null> {
  const row = await db.prepare(NOTE_FAILURES).bind(id, count, nowMs).first<Row>();
  return row === null ? null : parseFailing(row);
}

/** Opens the breaker until a time, which is never moved forward, and ends a probe. */
export async function openBreaker(db: PrimaryDatabase, id: string, until: number): Promise<void> {
  await db
    .prepare(
      `UPDATE destination_health SET retry_at = MAX(COALESCE(retry_at, 0), ?2), probe_until = NULL
       WHERE destination_id = ?1`,
    )
    .bind(id, until)
    .run();
}

/** Forgets that a destination was failing; answers whether it was. */
export async function noteRecovery(db: PrimaryDatabase, id: string): Promise<boolean> {
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

/** Takes the one attempt that tries a destination whose breaker has been open for long enough; false where another has it. */
export async function claimProbe(db: PrimaryDatabase, id: string, nowMs: number, untilMs: number): Promise<boolean> {
  return (await db.prepare(CLAIM_PROBE).bind(id, nowMs, untilMs).first<Row>()) !== null;
}

/** A request for rate-limit slots: one per attempt. */
export type SlotRequest = {
  readonly destination_id: string;
  readonly attempts: number;
  /** The limit as text. Slots of another limit are numbered anew. */
  readonly rate_limit: string;
  /** The first slot of the current period. */
  readonly first_slot: number;
};

const RESERVE = `
  INSERT INTO rate_limit_slots (destination_id, rate_limit, next_slot)
  SELECT value->>'destination_id', value->>'rate_limit', value->>'first_slot' + value->>'attempts' FROM json_each(?1) WHERE true
  ON CONFLICT (destination_id) DO UPDATE SET rate_limit = excluded.rate_limit,
    next_slot = excluded.next_slot + CASE WHEN rate_limit = excluded.rate_limit THEN MAX(0, next_slot - (
      SELECT value->>'first_slot' FROM json_each(?1) WHERE value->>'destination_id' = excluded.destination_id)) ELSE 0 END
  RETURNING destination_id, next_slot`;

/** Reserves slots across isolates. Returns the number after the last reserved slot, by destination. */
export async function reserveSlots(
  db: PrimaryDatabase,
  requests: readonly SlotRequest[],
): Promise<ReadonlyMap<string, number>> {
  if (requests.length === 0) return new Map();
  const { results } = await db.prepare(RESERVE).bind(JSON.stringify(requests)).all<Row>();
  return new Map(results.map((row) => [text(row, "destination_id"), integer(row, "next_slot")]));
}

/** Lanes that are wanted with a destination that takes so many attempts at a time. */
export type LaneWish = { readonly destination_id: string; readonly lanes: number; readonly most: number };

const DROP_EXPIRED = "DELETE FROM concurrency_leases WHERE expires_at <= ?1";
const LEASE = `
  INSERT INTO concurrency_leases (destination_id, lease_id, attempts, expires_at)
  SELECT w.id, ?2, MIN(w.lanes, w.most - w.taken), ?3 FROM (
    SELECT value->>'destination_id' AS id, value->>'lanes' AS lanes, value->>'most' AS most,
      (SELECT COALESCE(SUM(l.attempts), 0) FROM concurrency_leases l WHERE l.destination_id = value->>'destination_id') AS taken
    FROM json_each(?1)) w
  WHERE w.most > w.taken
  RETURNING destination_id, attempts`;

/** Leases lanes, across isolates, until they are given back or expire; answers how many, by destination. */
export async function leaseLanes(
  db: PrimaryDatabase,
  lease: string,
  wishes: readonly LaneWish[],
  nowMs: number,
  expiresAtMs: number,
): Promise<ReadonlyMap<string, number>> {
  const [, leased] = await db.batch<Row>([
    db.prepare(DROP_EXPIRED).bind(nowMs),
    db.prepare(LEASE).bind(JSON.stringify(wishes), lease, expiresAtMs),
  ]);
  return new Map((leased?.results ?? []).map((row) => [text(row, "destination_id"), integer(row, "attempts")]));
}

/** Gives leased lanes back. */
export async function returnLanes(db: PrimaryDatabase, lease: string, ids: readonly string[]): Promise<void> {
  await db
    .prepare(
      "DELETE FROM concurrency_leases WHERE lease_id = ?1 AND destination_id IN (SELECT value FROM json_each(?2))",
    )
    .bind(lease, JSON.stringify(ids))
    .run();
}
