import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { AlertFields, AlertSnapshot } from "../../model/alert.ts";
import type { Delivery } from "../../model/delivery.ts";
import { SHARED_NAMESPACE, bodyKey, transformedKeys } from "../../model/event.ts";
import { alertIdOf } from "../../model/ids.ts";
import { rescueAt, withoutResponses } from "./deliveries-column.ts";
import { ERASED_FIELDS, withoutFields } from "./erased-fields.ts";
import { ERASED_CONTENT, type StoredAggregate, readAggregates } from "./event-row.ts";
import { ERASE_CAPTURED } from "../alerts/captured-values.ts";
import { replaceFieldsInPack } from "../alerts/lone-alerts.ts";
import { CLEAR_OUTBOX } from "../pipeline/outbox.ts";
import { type Row, fromColumnOrNull, text } from "../rows.ts";
import { eraseFromSegments } from "../segments/rewrite.ts";
import { thawEvents } from "../segments/thaw.ts";
import { type OfAlert, findOfAlert } from "./cold/of-alert.ts";

export { ERASED_FIELDS };

const ERASE = `
  UPDATE events SET version = version + 1, content = ?3, alert = ?4, deliveries = ?5, rescue_at = ?6
  WHERE id = ?1 AND version = ?2 RETURNING id`;
const ERASE_ALERT_FIELDS = "UPDATE alerts SET fields = ?3 WHERE id = ?2 AND fields_from = ?1";
const DELETE_LETTERS = "DELETE FROM dead_letters WHERE message->>'$.id' = ?1";

// Later events of the alert hold the same fields. The history of its key names them, or that of the key that it is an alias of. An event
// can be on record before the row of its alert is.
const ERASE_SNAPSHOTS = `
  WITH RECURSIVE named (namespace, key) AS (
    SELECT namespace, key FROM alerts WHERE id = ?1
    UNION SELECT u.value, e.alert->>'key' FROM events e, json_each(json_array(e.integration_id, '${SHARED_NAMESPACE}')) u
      WHERE e.id = ?2 AND e.alert IS NOT NULL
    UNION SELECT n.namespace, a.key FROM named n JOIN alert_aliases a ON n.namespace = '*' AND a.alias = n.key)
  UPDATE events SET version = version + 1, alert = ${withoutFields("alert")}
  WHERE alert_id = ?1 AND alert IS NOT NULL AND id <> ?2
    AND id IN (
      SELECT l.key FROM named n
      JOIN alert_histories h ON h.namespace = n.namespace AND h.key = n.key, json_each(h.log) l
      UNION SELECT value FROM json_each(?4))
    AND json_array(alert->'$.title', alert->'$.description', alert->'$.tags', alert->'$.meta',
      alert->'$.incident', alert->'$.additional_data') = ?3`;

/** Returns the fields as `ERASE_SNAPSHOTS` compares them: a JSON list. Later events can raise the urgency and keep the others. */
function listed(fields: AlertFields): string {
  const { title, description, tags, meta, incident, additional_data } = fields;
  return JSON.stringify([title, description, tags, meta, incident, additional_data]);
}

/** Returns whether an alert's fields come from an event: the event created or updated it. */
function setsFields({ outcome, content }: StoredAggregate): boolean {
  const isReminder = "signal" in content && content.signal.action === "remind";
  return outcome === "created" || (outcome === "updated" && !isReminder);
}

/** Returns a delivery without what its destination responded. */
function withoutAnswers({ captured: _captured, ...delivery }: Delivery): Delivery {
  return withoutResponses(delivery, false);
}

/** `copies`: events of the alert that were in segments, with the same fields. */
async function eraseOnce(
  db: ShardDatabase,
  event: StoredAggregate,
  finish: (delivery: Delivery) => Delivery,
  copies: readonly string[],
): Promise<boolean> {
  const { id, version, alert, alert_id } = event;
  const deliveries = event.deliveries.map((delivery) => withoutAnswers(finish(delivery)));
  const snapshot: AlertSnapshot | null = alert === null ? null : { ...alert, ...ERASED_FIELDS };
  const [written] = await db.batch<Row>([
    db
      .prepare(ERASE)
      .bind(
        id,
        version,
        JSON.stringify(ERASED_CONTENT),
        snapshot === null ? null : JSON.stringify(snapshot),
        JSON.stringify(deliveries),
        rescueAt(deliveries),
      ),
    ...(alert !== null && alert_id !== null && setsFields(event)
      ? [
          db.prepare(ERASE_ALERT_FIELDS).bind(id, alert_id, JSON.stringify(ERASED_FIELDS)),
          // A pack has the fields that the opener set.
          ...(alert_id === alertIdOf(id) ? [replaceFieldsInPack(db, alert_id, ERASED_FIELDS)] : []),
          db.prepare(ERASE_SNAPSHOTS).bind(alert_id, id, listed(alert), JSON.stringify(copies)),
        ]
      : []),
    ...(alert_id !== null && event.deliveries.some(({ captured }) => captured !== undefined)
      ? [db.prepare(ERASE_CAPTURED).bind(alert_id, id)]
      : []),
    db.prepare(CLEAR_OUTBOX).bind(JSON.stringify([id])),
    db.prepare(DELETE_LETTERS).bind(id),
  ]);
  return (written?.results ?? []).some((row) => text(row, "id") === id);
}

/** Brings back the later events of an alert that hold the fields of an event, from segments. */
async function thawCopies(stores: EventStores, event: StoredAggregate): Promise<OfAlert> {
  const { id, alert, alert_id } = event;
  if (alert === null || alert_id === null || !setsFields(event)) return { found: [], removed: [] };
  const fields = listed(alert);
  const copies = await findOfAlert(stores, alert_id, id, (row) => {
    const other = fromColumnOrNull<AlertSnapshot>(row, "alert");
    return other !== null && listed(other) === fields;
  });
  await thawEvents(stores, copies.found);
  return copies;
}

async function readOne(stores: EventStores, id: string): Promise<StoredAggregate | undefined> {
  return (await readAggregates(stores.shard.db, [id])).rows[0];
}

/** An erasure is tried this often while other writers change the event first. */
const MAX_ROUNDS = 20;

/**
 * Erases the content of an event: its payload and body, the fields that alerts show of it, the response bodies of its
 * deliveries, and its copies in the outbox, the dead letters and segments. Its row stays, so that a late message finds it
 * recorded. `finish` is applied to each delivery. Returns whether the event exists. Throws if a store cannot be written.
 */
export async function eraseEvent(
  stores: EventStores,
  id: string,
  finish: (delivery: Delivery) => Delivery,
): Promise<boolean> {
  const copies = new Set<string>();
  const held = new Set([id]);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const event = await readOne(stores, id);
    if (event === undefined) {
      const thawed = await thawEvents(stores, [id]);
      if (thawed.has(id) || (await readOne(stores, id)) !== undefined) continue;
      return false;
    }
    const { found, removed } = await thawCopies(stores, event);
    for (const copy of found) copies.add(copy);
    for (const each of [...found, ...removed]) held.add(each);
    await stores.bodies.delete([bodyKey(id), ...Object.values(transformedKeys(id))]);
    if (!(await eraseOnce(stores.shard.db, event, finish, [...copies]))) continue;
    // Objects still hold what was brought back from them, now or before.
    await eraseFromSegments(stores, [...held]);
    return true;
  }
  throw new Error("The event changed too often to be erased.");
}
