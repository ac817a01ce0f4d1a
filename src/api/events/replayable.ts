import { fail } from "../../model/result.ts";
import type { Destination } from "../../model/destination.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { readConfig } from "../../storage/config/config.ts";
import { type ListedEvent, MAX_DELIVERIES } from "../../storage/events/log.ts";
import type { Refusal } from "../request.ts";

/** Refuses an event that cannot be delivered; null if it can. */
export function refuseDelivery({ type, content }: Pick<ListedEvent, "type" | "content">): Refusal | null {
  if (content === null)
    return fail({ code: "content_gone", title: "The content of this event was erased or is gone." });
  return type === null ? fail({ code: "not_deliverable", title: "This event has no deliverable outcome." }) : null;
}

/** Refuses an event that cannot have more deliveries; null if it can. */
export function refuseReplay(event: ListedEvent): Refusal | null {
  if (event.deliveries.length < MAX_DELIVERIES) return refuseDelivery(event);
  return fail({
    code: "too_many_deliveries",
    title: `This event has ${MAX_DELIVERIES} deliveries, the most that it can have.`,
  });
}

/** The destinations in the database, which may be newer than the isolate's cache. */
export async function readDestinations(db: PrimaryDatabase): Promise<ReadonlyMap<string, Destination>> {
  return (await readConfig(db)).destinations;
}
