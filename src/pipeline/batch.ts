import type { Invocation } from "../delivery/attempts/invocation.ts";
import type { EventMessage } from "../model/event.ts";

// A batch of events on its way through the pipeline: append → decide → load → build → attempt → commit → enqueue. Each step
// takes the batch as the step before left it and adds to it. The file of a step says what it adds.

/** A batch after a step: everything that was known before, and the results of the step. */
export type Stage<Tag extends string, Known, Added> = Omit<Known, "stage"> & Added & { readonly stage: Tag };

/** An accepted event. `stored_at` is the R2 key of its message if that was too large for a queue, else null. */
export type Accepted = { readonly message: EventMessage; readonly stored_at: string | null };

/**
 * The treatment of an alert whose opening event another consumer still has. `wait` is right until that event is lost; with
 * `ignore` the alert's fields stay empty until it arrives after all, so that it does not block its alert.
 */
export type MissingOpeners = "wait" | "ignore";

/** A batch before the first step. */
export type AcceptedBatch = {
  readonly stage: "accepted";
  /** In order of receipt, each once. */
  readonly accepted: readonly Accepted[];
  readonly missing_openers: MissingOpeners;
  readonly invocation: Invocation;
};
