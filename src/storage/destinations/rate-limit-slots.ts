import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type Row, integer, text } from "../rows.ts";

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
