import type { Invocation } from "../delivery/attempts/invocation.ts";
import type { EventMessage } from "../model/event.ts";

// A batch of events on its way through the pipeline: append → decide → load → build → attempt → commit → enqueue. Each step
// takes the batch as the step before left it and adds to it. The file of a step says what it adds.

/** A batch after a step: everything that was known before, and the results of the step. */
export type Stage<Tag extends string, Known, Added> = Omit<Known, "stage"> & Added & { readonly stage: Tag };

/** An accepted event. `stored_at` is the R2 key of its message if that was too large for a queue, else null. */
export type Accepted = {
  readonly message: EventMessage;
  readonly stored_at: string | null;
  /** The event as it was accepted, if it has passed a transformation. One event can become several of one origin. */
  readonly origin?: Accepted;
  /** True if it is on record, and its transformation runs again because it failed. */
  readonly is_again?: true;
};

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
