import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { AlertFields, AlertSnapshot } from "../../model/alert.ts";
import type { Delivery } from "../../model/delivery.ts";
import { bodyKey } from "./bodies.ts";
import { type ContentColumn, type StoredAggregate, readAggregates, rescueAt } from "./events.ts";
import { CLEAR_OUTBOX } from "../pipeline/outbox.ts";
import { type Row, text } from "../rows.ts";

/** What is left of the content of an event that was erased: it points to where nothing is kept. */
export const ERASED_COLUMN = { stored_at: "erased" } as const satisfies ContentColumn;

/** What an alert shows whose event has been erased. */
export const ERASED_FIELDS: AlertFields = {
  title: "(erased)",
  description: "",
  urgency: null,
  tags: [],
  meta: {},
  incident: null,
  additional_data: [],
};

const ERASE = `
  UPDATE events SET version = version + 1, content = ?3, alert = ?4, deliveries = ?5, rescue_at = ?6
  WHERE id = ?1 AND version = ?2 RETURNING id`;
const ERASE_SHOWN = "UPDATE alerts SET fields = ?3 WHERE id = ?2 AND fields_from = ?1";
const DELETE_LETTERS = "DELETE FROM dead_letters WHERE message->>'$.id' = ?1";

const ASSIGN_ERASED = Object.entries(ERASED_FIELDS)
  .map(([name, value]) => `'$.${name}', json('${JSON.stringify(value)}')`)
  .join(", ");

// Later events of the alert show the same fields; the history of its key, or of the key that this is an alias of, names them.
const ERASE_SNAPSHOTS = `
  WITH RECURSIVE named (namespace, key) AS (
    SELECT namespace, key FROM alerts WHERE id = ?1
    UNION SELECT n.namespace, a.key FROM named n JOIN alert_aliases a ON n.namespace = '*' AND a.alias = n.key)
  UPDATE events SET version = version + 1, alert = json_set(alert, ${ASSIGN_ERASED})
  WHERE alert_id = ?1 AND alert IS NOT NULL AND id <> ?2
    AND id IN (
      SELECT l.key FROM named n
      JOIN alert_histories h ON h.namespace = n.namespace AND h.key = n.key, json_each(h.log) l)
    AND json_array(alert->'$.title', alert->'$.description', alert->'$.urgency', alert->'$.tags', alert->'$.meta',
      alert->'$.incident', alert->'$.additional_data') = ?3`;

/** The fields as the statement above lists them: a list of texts in JSON. */
function listed(fields: AlertFields): string {
  const { title, description, urgency, tags, meta, incident, additional_data } = fields;
  return JSON.stringify([title, description, urgency, tags, meta, incident, additional_data]);
}

/** Whether an alert's fields come from an event: it opened or updated it. */
function saysFields({ outcome, content }: StoredAggregate): boolean {
  const isReminder = "signal" in content && content.signal.action === "remind";
  return outcome === "created" || (outcome === "updated" && !isReminder);
}

function withoutAnswers(delivery: Delivery): Delivery {
  return { ...delivery, attempts: delivery.attempts.map((attempt) => ({ ...attempt, response_body: null })) };
}

async function eraseOnce(
  db: ShardDatabase,
  event: StoredAggregate,
  settle: (delivery: Delivery) => Delivery,
): Promise<boolean> {
  const { id, version, alert, alert_id } = event;
  const deliveries = event.deliveries.map((delivery) => withoutAnswers(settle(delivery)));
  const snapshot: AlertSnapshot | null = alert === null ? null : { ...alert, ...ERASED_FIELDS };
  const [written] = await db.batch<Row>([
    db
      .prepare(ERASE)
      .bind(
        id,
        version,
        JSON.stringify(ERASED_COLUMN),
        snapshot === null ? null : JSON.stringify(snapshot),
        JSON.stringify(deliveries),
        rescueAt(deliveries),
      ),
    ...(alert !== null && alert_id !== null && saysFields(event)
      ? [
          db.prepare(ERASE_SHOWN).bind(id, alert_id, JSON.stringify(ERASED_FIELDS)),
          db.prepare(ERASE_SNAPSHOTS).bind(alert_id, id, listed(alert)),
        ]
      : []),
    db.prepare(CLEAR_OUTBOX).bind(JSON.stringify([id])),
    db.prepare(DELETE_LETTERS).bind(id),
  ]);
  return (written?.results ?? []).some((row) => text(row, "id") === id);
}

/** How often an erasure is tried again because others wrote first. */
const MAX_ROUNDS = 20;

/**
 * Removes all that an event says: its content and body, what alerts show of it, what destinations answered, and the copies
 * that outbox and dead letters hold. Its row stays, so that a message that comes late finds it on record. `settle` is done
 * to each delivery. Answers whether there is such an event; throws where a store cannot be written.
 */
export async function eraseEvent(
  stores: EventStores,
  id: string,
  settle: (delivery: Delivery) => Delivery,
): Promise<boolean> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const [event] = await readAggregates(stores.shard.db, [id]);
    if (event === undefined) return false;
    await stores.bodies.delete(bodyKey(id));
    if (await eraseOnce(stores.shard.db, event, settle)) return true;
  }
  throw new Error("The event changed too often to be erased.");
}
