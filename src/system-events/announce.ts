import type { Context } from "../context.ts";
import type { GatewayEventType } from "../model/event.ts";
import { RESCUE_AFTER_MS } from "../platform/limits.ts";
import { sendBatch } from "../platform/queues.ts";
import type { OutboxRow } from "../storage/pipeline/outbox.ts";
import { type Facts, systemEvent } from "./system-event.ts";

/** Returns whether a route delivers system events of a type. The config is that of the isolate's cache. */
async function isNamed({ caches }: Context, type: GatewayEventType): Promise<boolean> {
  const { routes } = await caches.config.load();
  return routes.some(
    ({ enabled, integration_ids, event_types, destination_ids }) =>
      enabled && integration_ids === null && event_types?.includes(type) === true && destination_ids.length > 0,
  );
}

/**
 * Returns the outbox row of a system event, or null if no route names its type: nothing is written then. The caller inserts the
 * row in the transaction that changes the state which it reports, and then sends it. Throws if the config cannot be read.
 */
export async function prepareAnnouncement(
  context: Context,
  type: GatewayEventType,
  facts: Facts,
): Promise<OutboxRow | null> {
  if (!(await isNamed(context, type))) return null;
  const message = systemEvent(context, type, facts);
  return { id: message.id, message: JSON.stringify(message), send_at: context.clock() + RESCUE_AFTER_MS };
}

/** Sends system events whose rows were inserted. Never rejects: maintenance sends rows that the queue does not take. */
export async function sendAnnouncements({ shards }: Context, rows: readonly OutboxRow[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const messages = rows.map(({ message }) => ({ body: message, contentType: "text" }) as const);
  await sendBatch(shards[0].events, messages, { event_id: first.id });
}
