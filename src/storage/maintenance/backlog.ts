import type { ShardDatabase } from "../../platform/shards.ts";
import { PENDING_EVENT_IDS } from "../events/deliveries-column.ts";
import { type Row, integer, textOrNull } from "../rows.ts";

/** The rows of each kind that one reading looks at. */
const MAX_ROWS = 10_000;

const READ = `
  SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM dead_letters LIMIT ${MAX_ROWS})) AS dead_letters,
    (SELECT MIN(id) FROM (${PENDING_EVENT_IDS} LIMIT ${MAX_ROWS})) AS oldest_pending_id,
    (SELECT id FROM outbox ORDER BY id LIMIT 1) AS oldest_outbox_id`;

/** What waits in a shard. */
export type Backlog = {
  readonly dead_letters: number;
  /** The oldest event with a pending delivery, or that is in the outbox; null if there is none. */
  readonly oldest_pending_id: string | null;
};

/** Reads what waits in a shard, up to a number of rows. */
export async function readBacklog(db: ShardDatabase): Promise<Backlog> {
  const row = (await db.prepare(READ).first<Row>()) ?? {};
  const ids = [textOrNull(row, "oldest_pending_id"), textOrNull(row, "oldest_outbox_id")].filter((id) => id !== null);
  return { dead_letters: integer(row, "dead_letters"), oldest_pending_id: ids.toSorted()[0] ?? null };
}
