import type { Captured } from "../../model/captured.ts";
import type { Delivery } from "../../model/delivery.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { type Row, fromColumn, text } from "../rows.ts";

// What destinations captured for alerts. A row is written in the transaction that records the delivery, so that a delivered one is never
// without its values. It goes with its alert (src/storage/maintenance/prune.ts).

/** More than all values of all requests of a destination as JSON. Values of requests that no longer exist must not add to it. */
const MAX_CAPTURED_BYTES = 100_000;

/**
 * The statement that adds captured values. It takes a JSON list, and must come before the events are written: an event that is
 * no longer at `version` (null if it is new) adds nothing.
 */
export const KEEP_CAPTURED = `
  INSERT INTO captured_values (alert_id, destination_id, captured)
  SELECT u.value->>'alert_id', u.value->>'destination_id', u.value->'captured'
  FROM json_each(?1) u LEFT JOIN events e ON e.id = u.value->>'event_id'
  WHERE e.version IS u.value->>'version'
  ON CONFLICT (alert_id, destination_id) DO UPDATE SET captured = CASE
    WHEN octet_length(captured_values.captured) + octet_length(excluded.captured) > ${MAX_CAPTURED_BYTES} THEN excluded.captured
    ELSE json_patch(captured_values.captured, excluded.captured) END`;

type OfAlert = { readonly id: string; readonly alert_id: string | null };

/** Values of one delivery, as `KEEP_CAPTURED` takes them. */
export type NewlyCaptured = {
  readonly event_id: string;
  readonly version: number | null;
  readonly alert_id: string;
  readonly destination_id: string;
  readonly captured: Readonly<Record<string, readonly [value: string, eventId: string]>>;
};

/** Returns what deliveries of an event have captured since `before`. `version` is that of the event, null if it is new. */
export function newlyCaptured(
  { id, alert_id }: OfAlert,
  version: number | null,
  before: readonly Delivery[],
  after: readonly Delivery[],
): NewlyCaptured[] {
  if (alert_id === null) return [];
  const known = new Set(before.flatMap((each) => (each.captured === undefined ? [] : each.id)));
  return after.flatMap(({ id: deliveryId, destination_id, captured }) => {
    if (captured === undefined || known.has(deliveryId)) return [];
    const values = Object.entries(captured).map(([name, value]) => [name, [value, id] as const] as const);
    return { event_id: id, version, alert_id, destination_id, captured: Object.fromEntries(values) };
  });
}

/** The statement that removes what an event's deliveries captured. Takes the alert and the event. */
export const ERASE_CAPTURED = `
  UPDATE captured_values SET captured = (
    SELECT json_group_object(key, json(value)) FROM json_each(captured_values.captured) WHERE value->>1 <> ?2)
  WHERE alert_id = ?1`;

function valuesOf(row: Row): Captured {
  const stored = fromColumn<NewlyCaptured["captured"]>(row, "captured");
  return Object.fromEntries(Object.entries(stored).map(([name, [value]]) => [name, value]));
}

/** What a destination captured for an alert. */
export type CapturedOfAlert = {
  readonly alert_id: string;
  readonly destination_id: string;
  readonly captured: Captured;
};

export function parseCaptured(row: Row): CapturedOfAlert {
  return { alert_id: text(row, "alert_id"), destination_id: text(row, "destination_id"), captured: valuesOf(row) };
}

const OF_ALERT = "SELECT * FROM captured_values WHERE alert_id = ? ORDER BY destination_id LIMIT 1000";

/** Returns what destinations captured for an alert. */
export async function readCapturedOfAlert(db: ShardDatabase, alertId: string): Promise<CapturedOfAlert[]> {
  const { results } = await db.prepare(OF_ALERT).bind(alertId).all<Row>();
  return results.map(parseCaptured).filter(({ captured }) => Object.keys(captured).length > 0);
}

/** The statement that reads what destinations captured. Takes a JSON list of {alert_id, destination_id}. */
export const READ_CAPTURED = `
  SELECT c.* FROM json_each(?1) a
  JOIN captured_values c ON c.alert_id = a.value->>'alert_id' AND c.destination_id = a.value->>'destination_id'`;
