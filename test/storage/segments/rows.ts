import { createIdMinter, deliveryIdOf } from "../../../src/model/ids.ts";
import type { Row } from "../../../src/storage/rows.ts";
import { contentOf } from "../../api/records.ts";

// Rows of `events` for tests of segments.

export const FIRST_MS = Date.parse("2026-11-20T10:00:00.000Z");
export const DESTINATIONS = ["dst_0000000000000000000000000001", "dst_0000000000000000000000000002"] as const;

/** Makes ids of events, one a second. */
export function idsFrom(ms: number): () => string {
  let now = ms;
  const mint = createIdMinter(
    () => now,
    (length) => crypto.getRandomValues(new Uint8Array(length)),
  );
  return () => {
    const { id } = mint("evt");
    now += 1_000;
    return id;
  };
}

/** Returns a row as D1 has it. */
export function rowWith(id: string, more: Row = {}): Row {
  const deliveries = [[1, DESTINATIONS[0], "rte_1", FIRST_MS, 12, [[0, 200, 9, "ok"]]]];
  return {
    id,
    integration_id: "int_1",
    type: "event.received",
    outcome: "received",
    alert_id: null,
    received_at: new Date(FIRST_MS).toISOString(),
    version: 1,
    deliveries: JSON.stringify(deliveries),
    grouped: 0,
    weight: 1,
    alert: null,
    content: JSON.stringify(contentOf({ number: id })),
    accepted_as: null,
    rescue_at: null,
    ...more,
  };
}

/** Returns a dead delivery in the full form. */
export function deadDelivery(eventId: string, more: object = {}): object {
  return {
    id: deliveryIdOf(eventId, DESTINATIONS[1]),
    event_id: eventId,
    destination_id: DESTINATIONS[1],
    route_id: null,
    replay_of: null,
    replayed_by: null,
    status: "dead",
    attempts: [],
    next_attempt_at: null,
    reason: "attempts_exhausted",
    created_at: new Date(FIRST_MS + 5).toISOString(),
    updated_at: new Date(FIRST_MS + 6).toISOString(),
    ...more,
  };
}
