import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { FailingDestination } from "../../model/destination-health.ts";
import type { OutboxRow } from "../pipeline/outbox.ts";
import { insertAnnouncement } from "./announcements.ts";
import { type Row, integer, integerOrNull, text } from "../rows.ts";

// The circuit breakers of destinations. A destination that is healthy has no row.

function parseFailing(row: Row): FailingDestination {
  return {
    destination_id: text(row, "destination_id"),
    failures: integer(row, "failures"),
    failing_since: integer(row, "failing_since"),
    retry_at: integerOrNull(row, "retry_at"),
    probe_until: integerOrNull(row, "probe_until"),
    announced: integer(row, "announced") === 1,
  };
}

/** Returns the destinations whose latest attempts failed. */
export async function readFailing(db: PrimaryDatabase): Promise<FailingDestination[]> {
  const { results } = await db.prepare("SELECT * FROM destination_health").all<Row>();
  return results.map(parseFailing);
}

const RECORD_FAILURES = `
  INSERT INTO destination_health (destination_id, failures, failing_since, announced) SELECT ?1, ?2, ?3, ?4
  WHERE EXISTS (SELECT 1 FROM destinations WHERE id = ?1)
  ON CONFLICT (destination_id) DO UPDATE SET failures = failures + excluded.failures, announced = MAX(announced, excluded.announced)
  RETURNING *`;
const IS_NEW = `EXISTS (SELECT 1 FROM destinations WHERE id = ?1)
  AND NOT EXISTS (SELECT 1 FROM destination_health WHERE destination_id = ?1 AND announced = 1)`;

/** Failed attempts of one destination. */
export type Failures = {
  readonly destination_id: string;
  readonly count: number;
  /** Whether destination.failing reports them, and its row for the outbox, or null if no route delivers it. */
  readonly is_announced: boolean;
  readonly announcement: OutboxRow | null;
};

/** The state of a destination after failures, or null if it was deleted, and whether they were announced. */
export type RecordedFailures = { readonly state: FailingDestination | null; readonly announced_now: boolean };

/** Counts failed attempts, and inserts the event if they are the first that it reports. */
export async function recordFailures(
  db: PrimaryDatabase,
  { destination_id: id, count, is_announced, announcement }: Failures,
  nowMs: number,
): Promise<RecordedFailures> {
  const record = db.prepare(RECORD_FAILURES).bind(id, count, nowMs, is_announced ? 1 : 0);
  const results =
    announcement === null || !is_announced
      ? [await record.run<Row>()]
      : await db.batch<Row>([insertAnnouncement(db, announcement, IS_NEW, id), record]);
  const [row] = results.at(-1)?.results ?? [];
  const announced_now = results.length === 2 && results[0]?.results.length === 1;
  return { state: row === undefined ? null : parseFailing(row), announced_now };
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

const RECORD_RECOVERY = "DELETE FROM destination_health WHERE destination_id = ?1 RETURNING destination_id";
const WAS_ANNOUNCED = "EXISTS (SELECT 1 FROM destination_health WHERE destination_id = ?1 AND announced = 1)";

/** Whether a destination was failing, and whether its recovery was announced. */
export type RecordedRecovery = { readonly was_failing: boolean; readonly announced_now: boolean };

/** Deletes a destination's failures, and inserts the event about it if they were announced. */
export async function recordRecovery(
  db: PrimaryDatabase,
  id: string,
  announcement: OutboxRow | null = null,
): Promise<RecordedRecovery> {
  const results = await db.batch<Row>([
    ...(announcement === null ? [] : [insertAnnouncement(db, announcement, WAS_ANNOUNCED, id)]),
    db.prepare(RECORD_RECOVERY).bind(id),
  ]);
  return {
    was_failing: results.at(-1)?.results.length === 1,
    announced_now: announcement !== null && results[0]?.results.length === 1,
  };
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
