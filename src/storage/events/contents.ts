import type { EventStores } from "../../platform/shards.ts";
import type { EventContent } from "../../model/event.ts";
import { readStoredMessage } from "./bodies.ts";
import { readAggregates } from "./events.ts";

/** The contents of events, from their rows or from R2; those that are gone are left out. Throws where neither can be read. */
export async function readContents(
  stores: EventStores,
  eventIds: readonly string[],
): Promise<Map<string, EventContent>> {
  const contents = new Map<string, EventContent>();
  if (eventIds.length === 0) return contents;
  for (const { id, content } of await readAggregates(stores.shard.db, eventIds)) {
    const found =
      "stored_at" in content ? (await readStoredMessage(stores.bodies, content.stored_at))?.content : content;
    if (found !== undefined) contents.set(id, found);
  }
  return contents;
}
