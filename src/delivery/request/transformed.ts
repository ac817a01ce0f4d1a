import type { Context } from "../../context.ts";
import type { BudgetSource } from "../../model/budget.ts";
import type { Destination } from "../../model/destination.ts";
import { type Deliverable, exactDocumentOf } from "../../model/envelope.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { callTransformation, faultOfTransformation, nameOfTransformation } from "../../transformations/call.ts";
import { transformationRunnerOf } from "../../transformations/runner.ts";
import type { Body } from "./rendered-body.ts";

/** What the body of a delivery is made with. */
export type BodyContext = Pick<Context, "keys" | "env" | "caches" | "clock">;

/** The work of writing and reading a character of JSON. */
const UNITS_PER_CHARACTER = 0.5;

/** A body that is not sent, and why. */
type Skipped = Body & { readonly skipped: string };

/**
 * Passes an event through the transformation of a destination. Returns the event as its payload is to show it, or why nothing is to be
 * sent. The error says why there is neither. What it costs counts in `work`. Throws if D1 cannot be read.
 */
export async function passTransformation(
  context: BodyContext,
  { transformation_id }: Pick<Destination, "transformation_id">,
  event: Deliverable,
  work: BudgetSource,
): Promise<Result<Deliverable | Skipped, string>> {
  if (transformation_id === null) return ok(event);
  const { transformations } = await context.caches.config.load();
  const head = transformations.get(transformation_id);
  if (head === undefined) return fail("The transformation of this destination does not exist any more.");
  const transformation = (await context.caches.transformations.load([head])).get(head.id) ?? null;
  const document = exactDocumentOf(event);
  if (!document.ok) return document;
  work.charge(event.content.request.body.length * UNITS_PER_CHARACTER);
  const { id: event_id, received_at } = event;
  const input = { input: document.value, event_id, received_at };
  const run = await callTransformation(context, transformationRunnerOf(context.env), transformation, input);
  if (!run.ok) return fail(`There is no body: ${faultOfTransformation(head, run.fault)}`);
  if (run.value !== null) return ok({ ...event, document: run.value });
  const skipped = `Nothing is sent: ${nameOfTransformation(head)} returned null.`;
  return ok({ bytes: new Uint8Array(), content_type: "text/plain", skipped });
}
