import type { Context } from "../../context.ts";
import type { BudgetSource } from "../../model/budget.ts";
import { KeysUnavailableError } from "../../crypto/keys-unavailable.ts";
import { type Captured, NOTHING_CAPTURED } from "../../model/captured.ts";
import type { Attempt } from "../../model/delivery.ts";
import type { Destination } from "../../model/destination.ts";
import { isOfGateway } from "../../model/event.ts";
import type { Deliverable } from "../../model/envelope.ts";
import type { Result } from "../../model/result.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { unsent } from "../providers/provider.ts";
import { deliver } from "../providers/registry.ts";
import type { BodyError } from "../request/body.ts";
import type { Body } from "../request/rendered-body.ts";
import type { Sent } from "../request/send.ts";
import { type Effect, effectsOf } from "./effects.ts";
import { type RetryDecision, decideRetry, isSuccess, isUnsent } from "./retry-decision.ts";

/** One attempt to make. `number` counts from 1; `body` is the same for every attempt of the delivery. */
export type AttemptOrder = {
  readonly delivery_id: string;
  readonly destination: Destination;
  readonly number: number;
  readonly event: Deliverable;
  /** The body, or why there is none. */
  readonly body: Result<Body, BodyError>;
  /** Counts what the provider's own templates cost. */
  readonly work?: BudgetSource;
};

/** The result of an attempt. Nothing is written yet: the caller records the attempt and runs the effects. */
export type Attempted = {
  readonly kind: "attempted";
  readonly attempt: Attempt;
  /** Values of the response that are kept for the alert. */
  readonly captured: Captured;
  readonly decision: RetryDecision;
  readonly effects: readonly Effect[];
};

/** No attempt was made, because the gateway cannot use its keys. It is no fault of the destination and uses none up. */
export type NotAttempted = { readonly kind: "keys_unavailable" };

/** Sends the request of an attempt; null if the gateway cannot use its keys. Never rejects. */
async function sendOrder(context: Context, order: AttemptOrder): Promise<Sent | null> {
  const { delivery_id, destination, event, body, work } = order;
  try {
    if (body.ok) {
      return await deliver(context, { delivery_id, destination, event, body: body.value, ...(work && { work }) });
    }
    if (typeof body.error === "string") return unsent("refused", body.error);
    throw body.error;
  } catch (error) {
    // A fault of ours at one destination must not keep the other deliveries of the batch from being recorded.
    const isOfKeys = error instanceof KeysUnavailableError;
    const event_name = isOfKeys ? "delivery.keys_unavailable" : "delivery.attempt_failed";
    logLine("error", event_name, { delivery_id, error: describeError(error) });
    return isOfKeys ? null : unsent("failed", "The gateway could not make this attempt. The fault is ours.");
  }
}

/** Makes one attempt and decides the next step. Never rejects: a failure of the destination is data. */
export async function makeAttempt(context: Context, order: AttemptOrder): Promise<Attempted | NotAttempted> {
  const { delivery_id, destination, number, event } = order;
  const at = new Date(context.clock()).toISOString();
  const sent = await sendOrder(context, order);
  if (sent === null) return { kind: "keys_unavailable" };
  const { outcome, duration_ms, response_body, error, captured = NOTHING_CAPTURED } = sent;
  const schedule = destination.retry_schedule ?? context.settings.retry_schedule;
  const decision = decideRetry(outcome, number, schedule, context.random);
  // At once, and not with the effects: the worker pool gives a slow or failing destination fewer workers from now on.
  if (!isUnsent(outcome)) context.caches.health.mark(destination.id, isSuccess(outcome), duration_ms);
  const status = outcome.kind === "responded" ? outcome.status : null;
  logLine(decision.kind === "delivered" || decision.kind === "hold" ? "info" : "warn", "delivery.attempted", {
    delivery_id,
    destination_id: destination.id,
    number,
    outcome: outcome.kind,
    status,
    duration_ms,
    decision: decision.kind,
  });
  return {
    kind: "attempted",
    attempt: { number, at, status, duration_ms, response_body, error },
    captured,
    decision,
    // A developer's machine that fails opens no breaker, disables nothing and alarms nobody.
    effects: destination.type === "cli" ? [] : effectsOf(destination, outcome, decision, !isOfGateway(event)),
  };
}
