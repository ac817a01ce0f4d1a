import { env } from "cloudflare:workers";
import { bodyOf } from "../../../src/delivery/request/body.ts";
import type { Deliverable } from "../../../src/model/envelope.ts";
import type { Sent } from "../../../src/delivery/request/send.ts";
import { deliver } from "../../../src/delivery/providers/registry.ts";
import { contextOf } from "../../../src/context.ts";
import type { Destination } from "../../../src/model/destination.ts";
import type { EventContent } from "../../../src/model/event.ts";
import { destinationWith } from "../../support/configuration.ts";
import { createWorld } from "../../support/world.ts";

export const DESTINATION_ID = "dst_0000000000000000000000000001";

/** Returns an event about an alert with a key. Its payload is a map. */
export function eventWith(
  payload: object | string,
  changes: Partial<Deliverable> = {},
  request: Partial<EventContent["request"]> = {},
): Deliverable {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  return {
    id: "evt_0000000000000000000000000005",
    integration_id: "int_1",
    received_at: "2026-11-01T00:00:00.000Z",
    type: "alert.created",
    alert: {
      id: "alr_1",
      key: "disk-1",
      status: "open",
      title: "Disk full",
      description: "",
      urgency: null,
      tags: [],
      meta: {},
      incident: null,
      additional_data: [],
      dedup_count: 0,
    },
    content: {
      kind: "alert",
      request: { method: "POST", query: "", headers: {}, body, body_encoding: "utf8", ...request },
      signal: { action: "receive", note: null },
      // A body that is not JSON has fields only if its source makes some.
      ...(typeof payload === "string" ? { payload: {} } : {}),
    },
    ...changes,
  };
}

/** Sends an event to a destination, with bindings beside the gateway's own. */
export async function sendTo(
  changes: Partial<Destination>,
  event: Deliverable,
  bindings: Readonly<Record<string, unknown>> = {},
): Promise<Sent> {
  const destination = destinationWith({ id: DESTINATION_ID, url: "", signing: { scheme: "none" }, ...changes });
  const { context } = createWorld({ DB: env.DB, ...bindings });
  const body = await bodyOf(contextOf(env), destination, event);
  if (!body.ok) throw new Error(String(body.error));
  return await deliver(context, { delivery_id: "dlv_1", destination, event, body: body.value });
}
