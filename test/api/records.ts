import { env } from "cloudflare:workers";
import type { Delivery } from "../../src/model/delivery.ts";
import type { EventContent, EventMessage, EventRecord } from "../../src/model/event.ts";
import { type IdMinter, createIdMinter, deliveryIdOf } from "../../src/model/ids.ts";
import { rescueAt } from "../../src/storage/events/deliveries-column.ts";
import { tables } from "../support/tables.ts";

// Rows as the consumer writes them, made by hand.

export const AT = "2026-11-20T10:00:00.000Z";
export const mint: IdMinter = createIdMinter(
  () => Date.parse(AT),
  (length) => crypto.getRandomValues(new Uint8Array(length)),
);

export function contentOf(body: object, note: string | null = null): EventContent {
  return {
    kind: "alert",
    request: {
      method: "POST",
      query: "",
      headers: { "content-type": "application/json", authorization: "[redacted]" },
      body: JSON.stringify(body),
      body_encoding: "utf8",
    },
    signal: { action: "resolve", namespace: "int_1", key: "k", note },
  };
}

export function deliveryTo(eventId: string, destinationId: string, more: Partial<Delivery> = {}): Delivery {
  return {
    id: deliveryIdOf(eventId, destinationId),
    event_id: eventId,
    destination_id: destinationId,
    route_id: "rte_1",
    replay_of: null,
    replayed_by: null,
    status: "delivered",
    attempts: [{ number: 1, at: AT, status: 200, duration_ms: 3, response_body: "o\u0000k", error: null }],
    next_attempt_at: null,
    reason: null,
    created_at: AT,
    updated_at: AT,
    ...more,
  };
}

export async function storeEvent(
  record: Partial<EventRecord> = {},
  content: EventContent | { readonly stored_at: string } = contentOf({ Id: "k" }),
): Promise<string> {
  const event: EventRecord = {
    id: mint("evt").id,
    integration_id: "int_1",
    type: "alert.created",
    outcome: "created",
    alert_id: null,
    received_at: AT,
    version: 1,
    deliveries: [],
    ...record,
  };
  await tables.events.insert({ ...event, rescue_at: rescueAt(event.deliveries), content });
  return event.id;
}

/** An event whose body is too large for its row. */
export async function storeLargeEvent(body: object): Promise<string> {
  const { id } = mint("evt");
  const key = `events/${id}`;
  const message: EventMessage = {
    v: 1,
    id,
    integration_id: "int_1",
    received_at: AT,
    repeat_key: null,
    content: contentOf(body, "large"),
  };
  await env.BODIES.put(key, JSON.stringify(message));
  return await storeEvent({ id }, { stored_at: key });
}

export async function storeAlert(id: string, status: string, integrationId = "int_1"): Promise<void> {
  const fields = {
    title: "t",
    description: "d",
    urgency: "high",
    tags: ["a"],
    meta: { shard: 7 },
    incident: null,
    additional_data: [{ format: "text", label: "l", value: "v" }],
  };
  const times = { created_at: AT, updated_at: AT };
  const alert = {
    id,
    integration_id: integrationId,
    namespace: integrationId,
    status,
    fields,
    dedup_count: 2,
    ...times,
  };
  await tables.alerts.insert(alert);
}
