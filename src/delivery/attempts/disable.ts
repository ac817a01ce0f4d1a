import { withTimeout } from "../../platform/with-timeout.ts";
import type { Destination } from "../../model/destination.ts";
import type { EventMessage } from "../../model/event.ts";
import { homeOf } from "../../platform/shards.ts";
import { disableDestination } from "../../storage/destinations/destinations.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Tools } from "./attempt.ts";
import { cancelPending } from "./cancel-pending.ts";

/** Why the gateway turns a destination off: it answered 410, or has failed for too long. */
export type DisabledReason = "gone" | "failing";

/** How long the sweep leaves the event to the queue, in ms. */
const SWEEP_AFTER_MS = 10_000;
const SEND_LIMIT_MS = 3_000;

/** The event by which other destinations learn of it; routes have to name its type. */
function announcement(tools: Tools, { id, name, url, type }: Destination, reason: DisabledReason): EventMessage {
  const minted = tools.isolate.mint("evt");
  const received_at = new Date(minted.at_ms).toISOString();
  // Whoever is told may be anybody, and the path of a chat tool's webhook is all that it takes to write there.
  const origin = type === "webhook" ? (URL.parse(url)?.origin ?? null) : null;
  const destination = { id, name, type, url: origin, disabled_reason: reason };
  const event = { id: minted.id, integration_id: null, received_at, kind: "gateway", payload: destination };
  const body = JSON.stringify({ event, destination });
  const request = { method: "POST", query: "", headers: {}, body, body_encoding: "utf8" } as const;
  const signal = { action: "announce", type: "destination.disabled", note: null } as const;
  return {
    v: 1,
    id: minted.id,
    integration_id: "",
    received_at,
    repeat_key: null,
    content: { kind: "gateway", request, signal },
  };
}

/**
 * Turns a destination off, tells others of it, and cancels what it is still owed. Never rejects: where that cannot be done
 * now its next failure tries again.
 */
export async function disable(tools: Tools, destination: Destination, reason: DisabledReason): Promise<void> {
  const { isolate } = tools;
  const home = homeOf(tools.env);
  const message = announcement(tools, destination, reason);
  const row = { id: message.id, message: JSON.stringify(message), send_at: tools.now() + SWEEP_AFTER_MS };
  try {
    if (await disableDestination(home.DB, destination.id, reason, row)) {
      // What the queue does not take the sweep finds in the outbox.
      await withTimeout(SEND_LIMIT_MS, () => home.EVENTS.send(row.message, { contentType: "text" }));
    }
    isolate.catalog.forget();
    await cancelPending(home, destination.id, "destination_disabled", tools.now());
  } catch (error) {
    logLine("error", "destination not disabled", {
      destination_id: destination.id,
      reason,
      error: describeError(error),
    });
  }
}
