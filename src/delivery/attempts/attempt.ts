import type { Context } from "../../context.ts";
import type { Attempt } from "../../model/delivery.ts";
import type { Destination } from "../../model/destination.ts";
import type { Result } from "../../model/result.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Body } from "../request/rendered-body.ts";
import { disable } from "./disable.ts";
import type { Deliverable } from "../../model/envelope.ts";
import { type AttemptOutcome, type Verdict, judge } from "./retry-decision.ts";
import { noteOutcome } from "./record-outcome.ts";
import type { Sent } from "../request/send.ts";
import { SENDERS } from "../providers/registry.ts";
import { unsent } from "../providers/provider.ts";

/** One attempt to be made. `number` counts from 1; `body` is the same for every attempt of the delivery. */
export type AttemptOrder = {
  readonly delivery_id: string;
  readonly destination: Destination;
  readonly number: number;
  readonly event: Deliverable;
  /** What is to be sent, or why there is nothing that could be. */
  readonly body: Result<Body, string>;
};

export type Attempted = { readonly attempt: Attempt; readonly verdict: Verdict };

async function sendOrder(context: Context, { delivery_id, destination, event, body }: AttemptOrder): Promise<Sent> {
  if (!body.ok) return unsent("refused", body.error);
  return await SENDERS[destination.type](context, { delivery_id, destination, event, body: body.value });
}

function statusOf(outcome: AttemptOutcome): number | null {
  return outcome.kind === "responded" ? outcome.status : null;
}

/** Makes one attempt and decides what follows. Whatever the destination does is data; it never rejects for that. */
export async function makeAttempt(context: Context, order: AttemptOrder): Promise<Attempted> {
  const { destination, number } = order;
  const at = new Date(context.clock()).toISOString();
  const sent = await sendOrder(context, order).catch((error: unknown) => {
    // A destination that cannot even be tried must not keep others, in the same batch, from being recorded.
    logLine("error", "attempt not made", { delivery_id: order.delivery_id, error: describeError(error) });
    return unsent("failed", "The gateway could not make this attempt. The fault is ours.");
  });
  const schedule = destination.retry_schedule ?? context.settings.retry_schedule;
  const verdict = judge(sent.outcome, number, schedule, context.random);
  await noteOutcome(context, destination, sent.outcome, sent.duration_ms);
  if (verdict.kind === "dead" && verdict.reason === "gone") await disable(context, destination, "gone");
  const status = statusOf(sent.outcome);
  if (verdict.kind !== "delivered") {
    logLine("warn", "attempt failed", {
      delivery_id: order.delivery_id,
      destination_id: destination.id,
      number,
      status,
      duration_ms: sent.duration_ms,
      verdict: verdict.kind,
    });
  }
  const { duration_ms, response_body, error } = sent;
  return { attempt: { number, at, status, duration_ms, response_body, error }, verdict };
}
