import type { Context } from "../context.ts";
import { type EventContent, type EventMessage, transformedKeys } from "../model/event.ts";
import { processEvents } from "./process-events.ts";

/** A recorded event whose transformation failed. */
export type FailedEvent = Pick<EventMessage, "id" | "integration_id" | "received_at"> & {
  readonly content: EventContent;
};

/**
 * Runs the transformation of a recorded event again, over the payload that arrived, and routes the event if that succeeds. An event
 * whose transformation fails again stays as it is. Throws if D1 or R2 cannot be read or written.
 */
export async function retransform(context: Context, { id, integration_id, received_at, content }: FailedEvent) {
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
  const { finish } = await processEvents(context, [{ message, stored_at: null, is_again: true }], {
    missing_openers: "ignore",
  });
  await finish();
}

/** Deletes what R2 may still have of an event from before its transformation succeeded. Throws if R2 cannot be written. */
export async function deleteFailedContent({ bodies }: Context, id: string): Promise<void> {
  const [first] = transformedKeys(id);
  await bodies.delete(first);
}
