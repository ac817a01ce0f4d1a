import type { Context } from "../../context.ts";
import type { Delivery } from "../../model/delivery.ts";
import type { EventRecord } from "../../model/event.ts";
import { talliesOfChange } from "../../model/series.ts";
import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import { newlyCaptured } from "../../storage/alerts/captured-values.ts";
import { type DeliveriesChange, changeDeliveries } from "../../storage/events/changes.ts";
import { type RowForm, readRecords } from "../../storage/events/log.ts";
import { thawEvents } from "../../storage/segments/thaw.ts";
import { enqueueDeliveries } from "./enqueue.ts";

/** A change of one delivery, to be made on whatever state it is found in. */
export type DeliveryEdit = {
  readonly event_id: string;
  readonly delivery_id: string;
  readonly edit: (delivery: Delivery) => Delivery;
};

/** A change of all deliveries of an event, to be made on whatever state they are found in. */
export type RecordChange = (deliveries: readonly Delivery[]) => readonly Delivery[];

/** A change is tried again this often if others wrote first. In each round one of them succeeds. */
const MAX_ROUNDS = 100;

/**
 * Changes the deliveries of events, by event id. If an event was changed meanwhile, it is read again and the change is made
 * on that. `known` are the events as the caller read them, and `form` is that of the rows. Returns the new deliveries, without events that are not on
 * record any more. Throws if D1 cannot be written.
 */
async function recordChanges(
  db: ShardDatabase,
  changes: ReadonlyMap<string, RecordChange>,
  known: readonly EventRecord[] = [],
  form: RowForm = "full",
): Promise<Map<string, readonly Delivery[]>> {
  const left = new Map(changes);
  const recorded = new Map<string, readonly Delivery[]>();
  let records: readonly EventRecord[] = known.filter((record) => left.has(record.id));
  for (let round = 0; round < MAX_ROUNDS && left.size > 0; round++) {
    const missing = [...left.keys()].filter((id) => !records.some((record) => record.id === id));
    if (missing.length > 0) records = [...records, ...(await readRecords(db, missing))];
    const rows = records.flatMap((record): DeliveriesChange[] => {
      const { id, version } = record;
      const deliveries = left.get(id)?.(record.deliveries);
      if (deliveries === undefined) return [];
      const captured = newlyCaptured(record, version, record.deliveries, deliveries);
      return [{ id, version, deliveries, tallies: talliesOfChange(record, record.deliveries, deliveries), captured }];
    });
    // Events that are not on record were erased, pruned or moved to a segment.
    if (rows.length === 0) return recorded;
    const written = await changeDeliveries(db, rows, form);
    for (const row of rows) {
      if (!written.has(row.id)) continue;
      recorded.set(row.id, row.deliveries);
      left.delete(row.id);
    }
    records = [];
  }
  if (left.size > 0) throw new Error("Deliveries changed too often to be recorded.");
  return recorded;
}

/** An event that was brought back may move again before it is changed: then it is brought back once more. */
const MAX_THAWS = 5;

/**
 * Records changes by hand, as `recordChanges` does, of events wherever they are: those in segments are brought back first. Throws if
 * D1 or R2 cannot be read or written.
 */
export async function recordChangesByHand(
  stores: EventStores,
  changes: ReadonlyMap<string, RecordChange>,
  form: RowForm = "full",
): Promise<Map<string, readonly Delivery[]>> {
  const recorded = await recordChanges(stores.shard.db, changes, [], form);
  let left = [...changes].filter(([id]) => !recorded.has(id));
  for (let round = 0; round < MAX_THAWS && left.length > 0; round++) {
    const thawed = await thawEvents(
      stores,
      left.map(([id]) => id),
    );
    // Another change may have brought it back, so it is looked for in any case.
    for (const [id, deliveries] of await recordChanges(stores.shard.db, new Map(left), [], form)) {
      recorded.set(id, deliveries);
    }
    left = left.filter(([id]) => !recorded.has(id));
    if (!left.some(([id]) => thawed.has(id))) return recorded;
  }
  if (left.length > 0) throw new Error("Events moved too often to be changed.");
  return recorded;
}

/** Returns the changes of events that edits of their deliveries make. */
function changesOf(edits: readonly DeliveryEdit[]): Map<string, RecordChange> {
  const changes = new Map<string, RecordChange>();
  for (const [eventId, own] of Map.groupBy(edits, (each) => each.event_id)) {
    changes.set(eventId, (deliveries) =>
      deliveries.map((delivery) =>
        own.reduce((current, each) => (each.delivery_id === current.id ? each.edit(current) : current), delivery),
      ),
    );
  }
  return changes;
}

/** Records changes of single deliveries by hand, as `recordChangesByHand` records those of events. */
export async function recordEditsByHand(
  stores: EventStores,
  edits: readonly DeliveryEdit[],
): Promise<Map<string, readonly Delivery[]>> {
  return await recordChangesByHand(stores, changesOf(edits));
}

/** Records changes of single deliveries, as `recordChanges` records those of events. */
export async function recordEdits(
  db: ShardDatabase,
  edits: readonly DeliveryEdit[],
  known: readonly EventRecord[] = [],
  form: RowForm = "full",
): Promise<Map<string, readonly Delivery[]>> {
  return await recordChanges(db, changesOf(edits), known, form);
}

/** Records changes of deliveries, then enqueues those that are still pending for the time when they are due. Returns the changed ones. */
export async function recordAndEnqueue(
  { shard, caches, clock }: Context,
  edits: readonly DeliveryEdit[],
  known: readonly EventRecord[] = [],
): Promise<readonly Delivery[]> {
  const recorded = await recordEdits(shard.db, edits, known, caches.config.rowForm());
  const edited = new Set(edits.map((each) => each.delivery_id));
  const next = [...recorded.values()].flat().filter((delivery) => edited.has(delivery.id));
  await enqueueDeliveries(shard, next, clock());
  return next;
}
