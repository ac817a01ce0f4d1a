import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { EventAggregate, EventContent, MessageType } from "../../model/event.ts";
import { readContents } from "./contents.ts";
import { readAggregates } from "./events.ts";
import { type Row, text } from "../rows.ts";

/** An event that somebody could be told of, with all that its delivery is made of. */
export type StoredDeliverable = Omit<EventAggregate, "type" | "content"> & {
  readonly type: MessageType;
  readonly content: EventContent;
};

/** `untold`: nobody is told of it. `erased`: its content is gone. */
export type NoDeliverable = "unknown" | "untold" | "erased";

/** The newest event that somebody could be told of; null where there is none. */
export async function newestDeliverableId(db: ShardDatabase): Promise<string | null> {
  const row = await db.prepare("SELECT id FROM events WHERE type IS NOT NULL ORDER BY id DESC LIMIT 1").first<Row>();
  return row === null ? null : text(row, "id");
}

/** Reads an event as a delivery would have it. */
export async function findDeliverable(stores: EventStores, id: string): Promise<StoredDeliverable | NoDeliverable> {
  const [event] = await readAggregates(stores.shard.db, [id]);
  if (event === undefined) return "unknown";
  if (event.type === null) return "untold";
  const content = (await readContents(stores, [id])).get(id);
  return content === undefined ? "erased" : { ...event, type: event.type, content };
}
