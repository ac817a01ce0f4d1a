import type { Context } from "../context.ts";
import { type EventContent, type EventMessage, transformedKeys } from "../model/event.ts";
import type { Accepted } from "./batch.ts";
import { processEvents } from "./process-events.ts";

/** A recorded event whose transformation failed. */
export type FailedEvent = Pick<EventMessage, "id" | "integration_id" | "received_at"> & {
  readonly content: EventContent;
};

/** So many passes may end no event, because other consumers change the alerts of all that are left. */
const MAX_CONFLICTS = 3;
const CONFLICT = "The event was not routed: its alert is being changed. Replay it again.";

function acceptedAgain({ id, integration_id, received_at, content }: FailedEvent): Accepted {
  const { signal } = content;
  const stopped = signal.action === "ignore" ? signal.stopped : undefined;
  const message: EventMessage = {
    v: 1,
    id,
    integration_id,
    received_at,
    repeat_key: null,
    content: { ...content, signal: stopped?.signal ?? signal },
  };
  return { message, stored_at: null, is_again: true };
}

/**
 * Runs the transformations of recorded events of one shard again, over the payloads that arrived, and routes the events for which
 * that succeeds. An event whose transformation fails again stays as it is. Returns why each of these fails, by its id. Throws if D1
 * or R2 cannot be read or written.
 */
export async function retransform(
  context: Context,
  events: readonly FailedEvent[],
): Promise<ReadonlyMap<string, string>> {
  const failing = new Map<string, string>();
  let left = events.map(acceptedAgain);
  let conflicts = 0;
  while (left.length > 0 && conflicts < MAX_CONFLICTS) {
    const { unfinished, carried_over, faults, finish } = await processEvents(context, left, {
      missing_openers: "ignore",
    });
    await finish();
    for (const [id, note] of faults) failing.set(id, note);
    const open = left.filter(({ message: { id } }) => unfinished.has(id) || carried_over.has(id));
    if (open.length === left.length) conflicts += 1;
    left = open;
  }
  for (const { message } of left) failing.set(message.id, CONFLICT);
  return failing;
}

/** Deletes what R2 may still have of events from before their transformations succeeded. Throws if R2 cannot be written. */
export async function deleteFailedContent({ bodies }: Context, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await bodies.delete(ids.map((id) => transformedKeys(id).failed));
}
