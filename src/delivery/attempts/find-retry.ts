import type { Context } from "../../context.ts";
import type { Allowance } from "../../model/allowance.ts";
import type { Captured } from "../../model/captured.ts";
import { type Delivery, type DeliveryMessage, waitsForResume } from "../../model/delivery.ts";
import { MAX_DELAY_SECONDS } from "../../platform/limits.ts";
import type { Destination } from "../../model/destination.ts";
import type { EventContent } from "../../model/event.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { ConfigSnapshot } from "../../storage/config/config.ts";
import { type StoredAggregate, readStoredMessage } from "../../storage/events/log.ts";
import { bodyWithin } from "../request/body.ts";
import { remembers } from "../request/remembers.ts";
import { fail } from "../../model/result.ts";
import { TOO_COSTLY_ERROR } from "../../templates/liquid.ts";
import type { AttemptJob, Prepared } from "./run-attempts.ts";
import type { CancelReason } from "./transitions.ts";
import { MAX_LARGE_CHARACTERS } from "./worker-pool.ts";

/** A message that arrives this early, in ms, counts as on time: clocks and the queue's delays are not exact. */
const EARLY_MS = 1_000;

/** Returns the content of an event, from its row or from R2; null if it has been erased. */
async function contentOf(context: Context, event: StoredAggregate): Promise<EventContent | "unavailable" | null> {
  if (!("stored_at" in event.content)) return event.content;
  try {
    return (await readStoredMessage(context.bodies, event.content.stored_at))?.content ?? null;
  } catch (error) {
    logLine("error", "event.content_read_failed", { event_id: event.id, error: describeError(error) });
    return "unavailable";
  }
}

/** For this long after a change, in ms, an isolate may still use the destination as it was (config-cache/). */
const STALE_MS = 15_000;

/**
 * Returns the error of a template that was too costly for this event, from the delivery's last attempt: rendering would
 * cost as much again and fail again. Null if it was not, or if the destination has been changed since.
 */
function tooCostly({ attempts }: Delivery, { updated_at }: Destination): string | null {
  const last = attempts.at(-1);
  if (last?.error !== TOO_COSTLY_ERROR || Date.parse(updated_at) > Date.parse(last.at) - STALE_MS) return null;
  return TOO_COSTLY_ERROR;
}

async function prepare(
  context: Context,
  allowance: Allowance,
  event: StoredAggregate,
  delivery: Delivery,
  destination: Destination,
  captured: Captured,
): Promise<Prepared> {
  const content = await contentOf(context, event);
  if (content === "unavailable") return { kind: "unavailable" };
  if (content === null) return { kind: "cancelled", reason: "content_erased" };
  const { type } = event;
  if (type === null) return { kind: "cancelled", reason: "superseded" };
  const deliverable = { ...event, type, content };
  const known = tooCostly(delivery, destination);
  if (known !== null) return { kind: "ready", event: deliverable, body: fail(known) };
  const body = await bodyWithin(allowance, context, destination, deliverable, captured);
  return body === null ? { kind: "unstarted" } : { kind: "ready", event: deliverable, body };
}

/** The delivery of a message. `outdated`: it has been attempted since the message was sent, or is not on record. */
export type FoundRetry =
  | { readonly kind: "outdated" }
  | { readonly kind: "cancelled"; readonly delivery: Delivery; readonly reason: CancelReason }
  | { readonly kind: "early"; readonly delay_seconds: number }
  | { readonly kind: "paused"; readonly delivery: Delivery }
  | { readonly kind: "due"; readonly job: AttemptJob };

/** Finds the delivery that a message asks to attempt. `event` is undefined if it is not on record. */
export function findRetry(
  context: Context,
  { delivery_id, attempts, slot_at }: DeliveryMessage,
  event: StoredAggregate | undefined,
  config: ConfigSnapshot,
  allowance: Allowance,
): FoundRetry {
  const delivery = event?.deliveries.find((each) => each.id === delivery_id);
  if (event === undefined || delivery?.status !== "pending") return { kind: "outdated" };
  const destination = config.destinations.get(delivery.destination_id);
  if (destination === undefined) return { kind: "cancelled", delivery, reason: "destination_deleted" };
  if (!destination.enabled) return { kind: "cancelled", delivery, reason: "destination_disabled" };
  if (delivery.attempts.length !== attempts) return { kind: "outdated" };
  const early = delivery.next_attempt_at === null ? 0 : Date.parse(delivery.next_attempt_at) - context.clock();
  if (early > EARLY_MS) {
    // A slot of a rate limit can be further off than a queue delays a message.
    return { kind: "early", delay_seconds: Math.min(MAX_DELAY_SECONDS, Math.ceil(early / 1000)) };
  }
  if (destination.paused_at !== null) {
    return waitsForResume(delivery) ? { kind: "outdated" } : { kind: "paused", delivery };
  }
  // A command that comes back receives what has waited in order.
  const chain = destination.type === "cli" ? destination.id : `${destination.id} ${event.alert_id ?? event.id}`;
  const { integration_id, content } = event;
  const characters = "stored_at" in content ? (content.characters ?? MAX_LARGE_CHARACTERS) : 0;
  const prepareNow = (captured: Captured): Promise<Prepared> =>
    prepare(context, allowance, event, delivery, destination, captured);
  const order = event.alert_id !== null && remembers(destination) ? { alert_id: event.alert_id } : undefined;
  return {
    kind: "due",
    job: { delivery, destination, integration_id, chain, characters, slot_at, order, prepare: prepareNow },
  };
}
