import type { Context } from "../../context.ts";
import type { FailedEvent } from "../../pipeline/retransform.ts";
import { type ListedEvent, type ListedPage, type TimeRange, listEvents } from "../../storage/events/log.ts";
import { listIn, shardsFor } from "../across-shards.ts";

/** The events of one page, at most. */
export const MAX_EVENTS = 50;

/** An event whose transformation failed, and the context at the shard that stores it. */
export type LocatedEvent = { readonly at: Context; readonly event: FailedEvent };

function slotOf({ event }: LocatedEvent): string {
  return event.id;
}

function runnable(event: ListedEvent): FailedEvent[] {
  const { id, integration_id, received_at, content } = event;
  return content === null ? [] : [{ id, integration_id, received_at, content }];
}

/**
 * Returns a page of the events of these integrations whose transformation failed, newest first, without those whose content is gone.
 * `before`: where the page begins. It reads a bounded number of rows, so it may be empty and still have a `next`.
 */
export async function listFailed(
  context: Context,
  integrationIds: readonly string[],
  range: TimeRange,
  before: string | null,
): Promise<ListedPage<LocatedEvent>> {
  const [only, ...others] = integrationIds;
  if (only === undefined) return { rows: [], next: null };
  // Hours name the integrations whose events they hold, so that the search for one skips the others.
  const concerned = others.length === 0 ? { integration_id: only } : { integration_ids: integrationIds };
  const shards = await shardsFor(context, concerned.integration_id);
  const page = { limit: MAX_EVENTS, before, shares: shards.length };
  return await listIn(shards, MAX_EVENTS, slotOf, async (at) => {
    const { rows, next } = await listEvents(at, page, { ...range, ...concerned, outcome: "transformation_failed" });
    return { rows: rows.flatMap(runnable).map((event) => ({ at, event })), next };
  });
}
