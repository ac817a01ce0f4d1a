import { DEFER_REASONS } from "../../model/delivery.ts";
import type { HistoryKey } from "../../model/episode.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { HAS_PENDING, deferredFor, pendingAt } from "../events/deliveries-column.ts";
import { type Row, integer, text, textOrNull } from "../rows.ts";
import { type CapturedOfAlert, READ_CAPTURED, parseCaptured } from "./captured-values.ts";

// The order of an alert's deliveries to one destination. The history of the alert's key names its events, so that no index is needed.

/** A delivery of an event to a destination that makes the deliveries of an alert in order. */
export type Place = {
  readonly event_id: string;
  readonly alert_id: string;
  readonly destination_id: string;
  /** The first event of the alert. */
  readonly opener: string;
  /** The history, if it is known; else that of the alert on record. */
  readonly history?: HistoryKey | undefined;
};

/** An earlier event of an alert that is not final for a destination. */
export type Earlier = {
  /** The index of the place that was asked about. */
  readonly place: number;
  readonly event_id: string;
  /** When the next attempt is due; null if it has no time, or the event is not recorded. */
  readonly due_at: string | null;
  /** Whether the event is on record. One that is not is in the hands of another consumer, or was pruned, moved or lost. */
  readonly is_recorded: boolean;
};

const NAMED = `
  WITH RECURSIVE named (place, namespace, key) AS (
    SELECT u.key, coalesce(u.value->'history'->>'namespace', a.namespace), coalesce(u.value->'history'->>'key', a.key)
    FROM json_each(?1) u LEFT JOIN alerts a ON a.id = u.value->>'alert_id'
    UNION SELECT n.place, n.namespace, s.key FROM named n JOIN alert_aliases s ON n.namespace = '*' AND s.alias = n.key)`;

const EARLIER = `
  ${NAMED},
  ids (place, id) AS (
    SELECT n.place, l.key FROM named n
    JOIN json_each(?1) u ON u.key = n.place
    JOIN alert_histories h ON h.namespace = n.namespace AND h.key = n.key, json_each(h.log) l
    WHERE l.key >= u.value->>'opener' AND l.key < u.value->>'event_id'
    UNION SELECT u.key, u.value->>'opener' FROM json_each(?1) u WHERE u.value->>'opener' < u.value->>'event_id')
  SELECT i.place, i.id, e.id IS NOT NULL AS is_recorded,
    ${pendingAt("e", "u.value->>'destination_id'")} AS due_at
  FROM ids i JOIN json_each(?1) u ON u.key = i.place LEFT JOIN events e ON e.id = i.id
  WHERE (e.id IS NULL AND i.id >= ?2) OR (e.${HAS_PENDING} AND due_at IS NOT NULL)`;

function dueAt(row: Row): string | null {
  const due = textOrNull(row, "due_at");
  return due === "" ? null : due;
}

/** What stands before deliveries, and what their destinations captured for their alerts. */
export type Before = { readonly earlier: readonly Earlier[]; readonly captured: readonly CapturedOfAlert[] };

/**
 * Returns the events before each place that are not final for its destination, and the captured values. Events that are not on record
 * count if their id is not below `unrecordedFrom`.
 */
export async function readBefore(db: ShardDatabase, places: readonly Place[], unrecordedFrom: string): Promise<Before> {
  const list = JSON.stringify(places);
  const [earlier, captured] = await db.batch<Row>([
    db.prepare(EARLIER).bind(list, unrecordedFrom),
    db.prepare(READ_CAPTURED).bind(list),
  ]);
  return {
    earlier: (earlier?.results ?? []).map((row) => ({
      place: integer(row, "place"),
      event_id: text(row, "id"),
      due_at: dueAt(row),
      is_recorded: integer(row, "is_recorded") === 1,
    })),
    captured: (captured?.results ?? []).map(parseCaptured),
  };
}

/** The deliveries that are made due at a time. Each of them does the same for the next ones. */
const MAX_NEXT = 10;

const DEFERRED = deferredFor("e", "u.value->>'destination_id'", DEFER_REASONS.order, "?2");
const NEXT = `
  ${NAMED}
  SELECT DISTINCT e.id AS event_id, ${DEFERRED.id} AS delivery_id FROM named n
  JOIN json_each(?1) u ON u.key = n.place
  JOIN alert_histories h ON h.namespace = n.namespace AND h.key = n.key, json_each(h.log) l
  JOIN events e ON e.id = l.key, ${DEFERRED.from}
  WHERE l.key > u.value->>'event_id' AND e.alert_id = u.value->>'alert_id' AND e.${HAS_PENDING} AND ${DEFERRED.condition}
  ORDER BY e.id LIMIT ${MAX_NEXT}`;

/** A delivery that waits. */
export type Waiting = { readonly event_id: string; readonly delivery_id: string };

/** Returns the first deliveries after these places that wait for earlier ones beyond `at` (ISO). */
export async function readNext(db: ShardDatabase, places: readonly Place[], at: string): Promise<Waiting[]> {
  const { results } = await db.prepare(NEXT).bind(JSON.stringify(places), at).all<Row>();
  return results.map((row) => ({ event_id: text(row, "event_id"), delivery_id: text(row, "delivery_id") }));
}
