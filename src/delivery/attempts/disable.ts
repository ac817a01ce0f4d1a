import { withTimeout } from "../../platform/with-timeout.ts";
import type { Destination } from "../../model/destination.ts";
import type { EventMessage } from "../../model/event.ts";
import { disableDestination } from "../../storage/destinations/destinations.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Context } from "../../context.ts";
import { cancelPending } from "./cancel-pending.ts";

/** Why the gateway turns a destination off: it answered 410, or has failed for too long. */
export type DisabledReason = "gone" | "failing";

/** How long the sweep leaves the event to the queue, in ms. */
const SWEEP_AFTER_MS = 10_000;
const SEND_LIMIT_MS = 3_000;

/** The event by which other destinations learn of it; routes have to name its type. */
function announcement(context: Context, { id, name, url, type }: Destination, reason: DisabledReason): EventMessage {
  const minted = context.mint("evt");
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
export async function disable(context: Context, destination: Destination, reason: DisabledReason): Promise<void> {
  const { primary, shards } = context;
  const message = announcement(context, destination, reason);
  const row = { id: message.id, message: JSON.stringify(message), send_at: context.clock() + SWEEP_AFTER_MS };
  try {
    if (await disableDestination(primary, destination.id, reason, row)) {
      // What the queue does not take the sweep finds in the outbox.
      await withTimeout(SEND_LIMIT_MS, () => shards[0].events.send(row.message, { contentType: "text" }));
    }
    context.caches.config.forget();
    await cancelPending(context, destination.id, "destination_disabled", context.clock());
  } catch (error) {
    logLine("error", "destination not disabled", {
      destination_id: destination.id,
      reason,
      error: describeError(error),
    });
  }
}
