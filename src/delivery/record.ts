import type { Delivery } from "../model/delivery.ts";
import type { EventRecord } from "../model/event.ts";
import { type DeliveriesChange, changeDeliveries, readRecords } from "../storage/events.ts";

/** A change of one delivery, to be made on whatever state it is found in. */
export type DeliveryEdit = {
  readonly event_id: string;
  readonly delivery_id: string;
  readonly edit: (delivery: Delivery) => Delivery;
};

/** How often a change is tried again because others wrote first. In each round one of them gets through. */
const MOST_ROUNDS = 100;

function applyEdits(record: EventRecord, edits: readonly DeliveryEdit[]): DeliveriesChange {
  const deliveries = record.deliveries.map((delivery) =>
    edits.reduce((current, each) => (each.delivery_id === current.id ? each.edit(current) : current), delivery),
  );
  return { id: record.id, version: record.version, deliveries };
}

/**
 * Enters changes of deliveries. An event that was changed by others meanwhile is read again and the change made on that.
 * `known` are the events as the caller read them. Answers the events as they now are; throws where D1 cannot be written.
 */
export async function recordEdits(
  db: D1Database,
  edits: readonly DeliveryEdit[],
  known: readonly EventRecord[] = [],
): Promise<Map<string, readonly Delivery[]>> {
  const byEvent = Map.groupBy(edits, (each) => each.event_id);
  const recorded = new Map<string, readonly Delivery[]>();
  let records: readonly EventRecord[] = known.filter((record) => byEvent.has(record.id));
  for (let round = 0; round < MOST_ROUNDS && byEvent.size > 0; round++) {
    const missing = [...byEvent.keys()].filter((id) => !records.some((record) => record.id === id));
    if (missing.length > 0) records = [...records, ...(await readRecords(db, missing))];
    const changes = records.map((record) => applyEdits(record, byEvent.get(record.id) ?? []));
    if (changes.length === 0) break;
    const written = await changeDeliveries(db, changes);
    for (const change of changes) {
      if (!written.has(change.id)) continue;
      recorded.set(change.id, change.deliveries);
      byEvent.delete(change.id);
    }
    records = [];
  }
  const left = [...byEvent.keys()];
  // What is no longer on record was erased or pruned: there is nothing to enter. Anything else was lost to others too often.
  if (left.length > 0 && (await readRecords(db, left)).length > 0)
    throw new Error("Deliveries changed too often to be recorded.");
  return recorded;
}
