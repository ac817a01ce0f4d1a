import type { ShardDatabase } from "../../platform/shards.ts";
import type { Delivery } from "../../model/delivery.ts";
import type { EventRecord } from "../../model/event.ts";
import { type DeliveriesChange, changeDeliveries, readRecords } from "../../storage/events/events.ts";

/** A change of one delivery, to be made on whatever state it is found in. */
export type DeliveryEdit = {
  readonly event_id: string;
  readonly delivery_id: string;
  readonly edit: (delivery: Delivery) => Delivery;
};

/** A change of all that an event's destinations are owed, to be made on whatever state that is found in. */
export type RecordChange = (deliveries: readonly Delivery[]) => readonly Delivery[];

/** How often a change is tried again because others wrote first. In each round one of them gets through. */
const MAX_ROUNDS = 100;

/**
 * Changes the deliveries of events, by event id. An event that was changed by others meanwhile is read again and the change
 * made on that. `known` are the events as the caller read them. Answers the events as they now are, without those that
 * are not on record (any more); throws where D1 cannot be written.
 */
export async function recordChanges(
  db: ShardDatabase,
  changes: ReadonlyMap<string, RecordChange>,
  known: readonly EventRecord[] = [],
): Promise<Map<string, readonly Delivery[]>> {
  const left = new Map(changes);
  const recorded = new Map<string, readonly Delivery[]>();
  let records: readonly EventRecord[] = known.filter((record) => left.has(record.id));
  for (let round = 0; round < MAX_ROUNDS && left.size > 0; round++) {
    const missing = [...left.keys()].filter((id) => !records.some((record) => record.id === id));
    if (missing.length > 0) records = [...records, ...(await readRecords(db, missing))];
    const rows = records.flatMap(({ id, version, deliveries }): DeliveriesChange[] => {
      const change = left.get(id);
      return change === undefined ? [] : [{ id, version, deliveries: change(deliveries) }];
    });
    if (rows.length === 0) break;
    const written = await changeDeliveries(db, rows);
    for (const row of rows) {
      if (!written.has(row.id)) continue;
      recorded.set(row.id, row.deliveries);
      left.delete(row.id);
    }
    records = [];
  }
  // What is no longer on record was erased or pruned: there is nothing to enter. Anything else was lost to others too often.
  if (left.size > 0 && (await readRecords(db, [...left.keys()])).length > 0)
    throw new Error("Deliveries changed too often to be recorded.");
  return recorded;
}

/** Enters changes of single deliveries, as `recordChanges` does those of events. */
export async function recordEdits(
  db: ShardDatabase,
  edits: readonly DeliveryEdit[],
  known: readonly EventRecord[] = [],
): Promise<Map<string, readonly Delivery[]>> {
  const changes = new Map<string, RecordChange>();
  for (const [eventId, own] of Map.groupBy(edits, (each) => each.event_id)) {
    changes.set(eventId, (deliveries) =>
      deliveries.map((delivery) =>
        own.reduce((current, each) => (each.delivery_id === current.id ? each.edit(current) : current), delivery),
      ),
    );
  }
  return await recordChanges(db, changes, known);
}
