import type { PrimaryDatabase } from "../../platform/shards.ts";
import type { OutboxRow } from "../pipeline/outbox.ts";
import { type Row, fromColumn, integer, text } from "../rows.ts";

// System events: their rows in the outbox of the primary, each inserted in the transaction that changes the state which it reports, so
// that one of several isolates reports it; and what limits how often one is sent.

/**
 * Returns the statement that inserts the outbox row of a system event under a condition, in which `?1`, `?2`, … are `values`. It
 * returns the row's id if it was inserted.
 */
export function insertAnnouncement(
  db: PrimaryDatabase,
  { id, message, send_at }: OutboxRow,
  condition: string,
  ...values: readonly (string | number)[]
): D1PreparedStatement {
  const [first, second, third] = [1, 2, 3].map((n) => `?${values.length + n}`);
  return db
    .prepare(
      `INSERT INTO outbox (id, message, sends, send_at) SELECT ${first}, ${second}, 0, ${third} WHERE ${condition} RETURNING id`,
    )
    .bind(...values, id, message, send_at);
}

/** Occurrences about one subject. Times are in ms since 1970. */
export type AnnouncementEntry = {
  readonly subject: string;
  readonly quiet_until: number;
  readonly since: number;
  readonly count: number;
  readonly facts: object;
};

const COUNT = `
  INSERT INTO announcements (subject, quiet_until, since, count, facts) VALUES (?1, ?2, ?3, 0, ?5)
  ON CONFLICT (subject) DO UPDATE SET since = CASE WHEN count = 0 THEN ?3 ELSE since END, count = count + ?4, facts = excluded.facts
    WHERE quiet_until < ${Number.MAX_SAFE_INTEGER}`;

/** Inserts the event if nothing is known of its subject, else counts the occurrences. Returns whether it inserted the event. */
export async function countOccurrences(
  db: PrimaryDatabase,
  { subject, quiet_until, since, count, facts }: AnnouncementEntry,
  row: OutboxRow,
): Promise<boolean> {
  const [inserted] = await db.batch<Row>([
    insertAnnouncement(db, row, "NOT EXISTS (SELECT 1 FROM announcements WHERE subject = ?1)", subject),
    db.prepare(COUNT).bind(subject, quiet_until, since, count, JSON.stringify(facts)),
  ]);
  return inserted?.results.length === 1;
}

/** Forgets a subject, so that its next occurrence is the first. */
export async function clearAnnouncement(db: PrimaryDatabase, subject: string): Promise<void> {
  await db.prepare("DELETE FROM announcements WHERE subject = ?1").bind(subject).run();
}

/** A subject whose quiet time is over. */
export type DueAnnouncement<Facts> = {
  readonly subject: string;
  readonly quiet_until: number;
  readonly since: number;
  readonly count: number;
  readonly facts: Facts;
};

const MAX_DUE = 100;

/** Returns subjects whose quiet time was over at `nowMs`. */
export async function readDueAnnouncements<Facts>(
  db: PrimaryDatabase,
  nowMs: number,
): Promise<readonly DueAnnouncement<Facts>[]> {
  const { results } = await db
    .prepare(`SELECT * FROM announcements WHERE quiet_until <= ?1 ORDER BY subject LIMIT ${MAX_DUE}`)
    .bind(nowMs)
    .all<Row>();
  return results.map((row) => ({
    subject: text(row, "subject"),
    quiet_until: integer(row, "quiet_until"),
    since: integer(row, "since"),
    count: integer(row, "count"),
    facts: fromColumn<Facts>(row, "facts"),
  }));
}

const IS_UNCHANGED =
  "a.subject = u.value->>'subject' AND a.quiet_until = u.value->>'quiet_until' AND a.count = u.value->>'count'";
const INSERT_DUE = `
  INSERT INTO outbox (id, message, sends, send_at)
  SELECT u.value->>'id', u.value->>'message', 0, u.value->>'send_at' FROM json_each(?1) u JOIN announcements a ON ${IS_UNCHANGED}
  WHERE u.value->>'id' IS NOT NULL RETURNING id`;
const FORGET_DUE = `
  DELETE FROM announcements WHERE subject IN (
    SELECT a.subject FROM json_each(?1) u JOIN announcements a ON ${IS_UNCHANGED} WHERE u.value->>'id' IS NULL)`;
const RENEW_DUE = `
  UPDATE announcements SET quiet_until = ?2, count = 0 WHERE subject IN (
    SELECT a.subject FROM json_each(?1) u JOIN announcements a ON ${IS_UNCHANGED})`;

/**
 * Inserts the events of subjects, and forgets subjects without one. Leaves those that have changed since they were read. Returns
 * the ids of the events that it inserted.
 */
export async function takeAnnouncements(
  db: PrimaryDatabase,
  taken: readonly { readonly due: DueAnnouncement<unknown>; readonly row: OutboxRow | null }[],
  quietUntil: number,
): Promise<ReadonlySet<string>> {
  const list = JSON.stringify(
    taken.map(({ due: { subject, quiet_until, count }, row }) => ({ subject, quiet_until, count, ...row })),
  );
  const [inserted] = await db.batch<Row>([
    db.prepare(INSERT_DUE).bind(list),
    db.prepare(FORGET_DUE).bind(list),
    db.prepare(RENEW_DUE).bind(list, quietUntil),
  ]);
  return new Set((inserted?.results ?? []).map((row) => text(row, "id")));
}
