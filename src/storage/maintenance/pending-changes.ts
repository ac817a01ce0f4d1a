import type { ShardDatabase } from "../../platform/shards.ts";
import type { RescueCursor } from "../events/log.ts";
import { type Row, fromColumn, text } from "../rows.ts";

// Changes of the pending deliveries of a destination that are not finished yet. Each is a row of `maintenance_tasks`, beside the
// schedules of tasks: `next_at` is when it may be continued.

/** What happens to a destination's pending deliveries. */
export const PENDING_CHANGES = [
  "cancel_disabled",
  "cancel_deleted",
  "resume",
  "release_slots",
  "unpause",
  "listen",
  "cancel_unheard",
] as const;
export type PendingChangeKind = (typeof PENDING_CHANGES)[number];

/** A change, and how far it is. Times are in ms since 1970. */
export type PendingChange = {
  readonly destination_id: string;
  readonly kind: PendingChangeKind;
  /** When it was decided. It concerns deliveries of before. */
  readonly at: number;
  /** The deliveries up to this rescue time are looked at. */
  readonly until: number;
  readonly after: RescueCursor;
  /** The time from which on the next delivery may be due, if they are spread over time. */
  readonly due_at?: number;
};

const PREFIX = "pending/";

function nameOf({ destination_id, kind }: PendingChange): string {
  return `${PREFIX}${destination_id}/${kind}`;
}

const LAST_RESCUE = `
  SELECT rescue_at AS last FROM events INDEXED BY events_to_rescue
  WHERE rescue_at IS NOT NULL AND rescue_at <= ?1 ORDER BY rescue_at DESC LIMIT 1`;

/** Returns the last rescue time of a pending delivery up to `until`, in ms since 1970; 0 if there is none. */
export async function readLastRescue(db: ShardDatabase, until: number): Promise<number> {
  return (await db.prepare(LAST_RESCUE).bind(until).first<number>("last")) ?? 0;
}

const STORE = `
  INSERT INTO maintenance_tasks (task, next_at, position) VALUES (?1, ?3, ?2)
  ON CONFLICT (task) DO UPDATE SET next_at = excluded.next_at, position = excluded.position`;

/**
 * Stores how far a change is, to be continued from `nextAt` on (ms since 1970). A new change of the same kind replaces an
 * older one.
 */
export async function storePendingChange(db: ShardDatabase, change: PendingChange, nextAt = 0): Promise<void> {
  await db.prepare(STORE).bind(nameOf(change), JSON.stringify(change), nextAt).run();
}

const STORE_ALL = `
  INSERT INTO maintenance_tasks (task, next_at, position)
  SELECT value->>'$[0]', 0, value->>'$[1]' FROM json_each(?1) WHERE true
  ON CONFLICT (task) DO UPDATE SET next_at = 0, position = excluded.position`;

/** Stores changes that have not begun. A new change of the same kind replaces an older one. */
export async function storePendingChanges(db: ShardDatabase, changes: readonly PendingChange[]): Promise<void> {
  const rows = changes.map((change) => [nameOf(change), JSON.stringify(change)]);
  await db.prepare(STORE_ALL).bind(JSON.stringify(rows)).run();
}

const CLAIM = `
  UPDATE maintenance_tasks SET next_at = ?2
  WHERE task IN (
    SELECT task FROM maintenance_tasks WHERE task > '${PREFIX}' AND task < '${PREFIX}~' AND next_at <= ?1
    ORDER BY next_at, task LIMIT 1)
  RETURNING task, position`;

/** A claimed change. Its row holds `position` while nobody has replaced it. */
export type ClaimedChange = { readonly task: string; readonly position: string; readonly change: PendingChange };

/** Claims a change until `untilMs` (ms since 1970), the one that waits longest; null if there is none. */
export async function claimPendingChange(
  db: ShardDatabase,
  nowMs: number,
  untilMs: number,
): Promise<ClaimedChange | null> {
  const row = await db.prepare(CLAIM).bind(nowMs, untilMs).first<Row>();
  if (row === null) return null;
  return { task: text(row, "task"), position: text(row, "position"), change: fromColumn(row, "position") };
}

/** Stores how far a claimed change is, or deletes it if `rest` is null. It must not have been replaced. */
export async function releasePendingChange(
  db: ShardDatabase,
  { task, position }: ClaimedChange,
  rest: PendingChange | null,
  nextAt: number,
): Promise<void> {
  if (rest === null) {
    await db.prepare("DELETE FROM maintenance_tasks WHERE task = ?1 AND position = ?2").bind(task, position).run();
    return;
  }
  await db
    .prepare("UPDATE maintenance_tasks SET position = ?3, next_at = ?4 WHERE task = ?1 AND position = ?2")
    .bind(task, position, JSON.stringify(rest), nextAt)
    .run();
}
