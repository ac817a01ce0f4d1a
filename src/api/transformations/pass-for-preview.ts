import type { Context } from "../../context.ts";
import { passTransformation } from "../../delivery/request/transformed.ts";
import { UNSHARED } from "../../model/budget.ts";
import type { Destination } from "../../model/destination.ts";
import type { Deliverable } from "../../model/envelope.ts";
import { type EventMessage, payloadOf } from "../../model/event.ts";
import type { Integration } from "../../model/integration.ts";
import { type Result, ok } from "../../model/result.ts";
import type { Problem } from "../../net/problem.ts";
import { inputOfMessage, messagesAfter } from "../../pipeline/transformed-content.ts";
import { callTransformation } from "../../transformations/call.ts";
import { transformationRunnerOf } from "../../transformations/runner.ts";
import { refuseBusy } from "./check-code.ts";
import { inSlot } from "./slots.ts";

/** The events of one request that pass the transformation in a preview. */
export const MAX_PREVIEWED = 20;

/** A context in which runs leave no trace: a preview is in no log of runs, and neither stops a transformation nor waits for it. */
function quietly(context: Context): Context {
  const transformation_breaker = { refusal: () => null, standing: () => "unknown" as const, note: () => undefined };
  const transformation_runs = { note: () => undefined, flush: () => Promise.resolve([]) };
  return { ...context, caches: { ...context.caches, transformation_breaker, transformation_runs } };
}

/** Passes an event through the transformation of a destination. `reason` says why nothing would be sent. */
export async function passForPreview(
  context: Context,
  destination: Destination,
  event: Deliverable,
): Promise<Result<Deliverable | { readonly reason: string }, Problem>> {
  // The bytes that arrived pass none. Such a payload is refused when it is saved.
  if (destination.transformation_id === null || destination.payload.mode === "original") return ok(event);
  const passed = await inSlot(context.clock(), () =>
    passTransformation(quietly(context), destination, event, UNSHARED),
  );
  if (passed === null) return refuseBusy();
  if (!passed.ok) return ok({ reason: passed.error });
  return ok("skipped" in passed.value ? { reason: passed.value.skipped } : passed.value);
}

/** Returns the messages of a request as they are after the transformation of their integration. Nothing is stored. */
export async function messagesForPreview(
  context: Context,
  { transformation_id }: Pick<Integration, "transformation_id">,
  messages: readonly EventMessage[],
): Promise<Result<readonly EventMessage[], Problem>> {
  if (transformation_id === null) return ok(messages);
  const { transformations } = await context.caches.config.load();
  const head = transformations.get(transformation_id) ?? { id: transformation_id, name: transformation_id, version: 0 };
  const transformation = (await context.caches.transformations.load([head])).get(head.id) ?? null;
  const calling = quietly(context);
  const runner = transformationRunnerOf(context.env);
  const passed = await inSlot(context.clock(), async () => {
    const after: EventMessage[] = [];
    for (const [index, message] of messages.entries()) {
      const { id: event_id, received_at, content } = message;
      if (content.signal.action === "ignore" || index >= MAX_PREVIEWED) {
        after.push(message);
        continue;
      }
      const payload = payloadOf(content);
      const input = inputOfMessage(message, payload);
      const run = await callTransformation(calling, runner, transformation, { input, event_id, received_at });
      after.push(...messagesAfter(message, payload, head, run));
    }
    return after;
  });
  return passed === null ? refuseBusy() : ok(passed);
}
