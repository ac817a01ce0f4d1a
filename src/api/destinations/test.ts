import * as z from "zod/mini";
import { testDestination, testEvent } from "../../delivery/attempts/test-delivery.ts";
import type { EventStores } from "../../platform/shards.ts";
import type { AlertSnapshot } from "../../model/alert.ts";
import type { EventContent } from "../../model/event.ts";
import { ok } from "../../model/result.ts";
import { readStoredMessage } from "../../storage/events/bodies.ts";
import { findDestination } from "../../storage/destinations/destinations.ts";
import { readAggregates } from "../../storage/events/events.ts";
import { parseBody } from "../body.ts";
import { findIn } from "../across-shards.ts";
import type { Verb } from "../call.ts";
import { notFound, refuseBody } from "../problems.ts";

export const body = z.strictObject({ event_id: z.optional(z.string().check(z.maxLength(100))) });

type StoredEvent = {
  readonly id: string;
  readonly integration_id: string;
  readonly received_at: string;
  readonly alert: AlertSnapshot | null;
  readonly content: EventContent;
};

/** An event with its content; null where there is none, or its content is gone. */
async function findStored({ shard, bodies }: EventStores, id: string): Promise<StoredEvent | null> {
  const [event] = await readAggregates(shard.db, [id]);
  if (event === undefined) return null;
  const { content } = event;
  if (!("stored_at" in content)) return { ...event, content };
  const message = await readStoredMessage(bodies, content.stored_at);
  return message === null ? null : { ...event, content: message.content };
}

/** Sends a test event to a destination, also where that is turned off, and tells all that came of it. */
export const testByHand: Verb = async (call) => {
  const parsed = parseBody(call.bodyText.trim() === "" ? "{}" : call.bodyText, body);
  if (!parsed.ok) return parsed;
  const { event_id } = parsed.value;
  const [destination, stored] = await Promise.all([
    findDestination(call.context.primary, call.id),
    event_id === undefined ? null : findIn(call.context, (at) => findStored(at, event_id)),
  ]);
  if (destination === null) return notFound("destination");
  if (event_id !== undefined && stored === null) {
    return refuseBody([{ path: "event_id", message: "names no event whose content is still kept" }]);
  }
  const { id, at_ms } = call.context.mint("evt");
  const event = testEvent(id, new Date(at_ms).toISOString(), stored?.found ?? null);
  return ok({ status: 200, body: await testDestination(call.context, destination, event, id) });
};
