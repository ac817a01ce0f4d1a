import type { AlertSnapshot } from "../../model/alert.ts";
import { type EventContent, payloadOf } from "../../model/event.ts";
import { titleOfContent } from "../../model/event-title.ts";
import { type Needle, contains, valueContains } from "../../model/text-match.ts";
import type { EventStores } from "../../platform/shards.ts";
import { type Row, fromColumn, fromColumnOrNull } from "../rows.ts";
import type { Search, SearchResult } from "../search.ts";
import { searchText } from "../text-search.ts";
import { readStoredMessage } from "./content.ts";
import { type ContentColumn, ERASED_CONTENT } from "./event-row.ts";

/** The contents that one page reads from R2, and their length together, but at least one. */
const MAX_STORED_READS = 4;
const MAX_STORED_CHARACTERS = 8_000_000;

function alertContains({ title, key }: AlertSnapshot, needle: Needle): boolean {
  return contains(title, needle) || contains(key, needle);
}

function contentContains(content: EventContent, needle: Needle): boolean {
  const { signal } = content;
  if ("key" in signal && contains(signal.key, needle)) return true;
  return contains(titleOfContent(content) ?? "", needle) || valueContains(payloadOf(content), needle);
}

/** Compares the title, the key and the payload of events. Contents in R2 are read while the page's share of them lasts. */
export function comparer({ bodies }: EventStores, needle: Needle): (row: Row) => Promise<boolean | "later"> {
  let reads = 0;
  let characters = 0;
  return async (row) => {
    const alert = fromColumnOrNull<AlertSnapshot>(row, "alert");
    if (alert !== null && alertContains(alert, needle)) return true;
    const column = fromColumn<ContentColumn>(row, "content");
    if (!("stored_at" in column)) return contentContains(column, needle);
    if (column.stored_at === ERASED_CONTENT.stored_at) return false;
    if (reads === MAX_STORED_READS || characters > MAX_STORED_CHARACTERS) return "later";
    reads += 1;
    const content = (await readStoredMessage(bodies, column.stored_at))?.content ?? null;
    characters += content?.request.body.length ?? 0;
    return content !== null && contentContains(content, needle);
  };
}

/** Searches the log, or a part of it by an index, for events whose title, key or payload contains a text. */
export async function searchEventText(
  stores: EventStores,
  conditions: Search,
  needle: Needle,
  start: string,
  wanted: number,
  maxRows: number,
): Promise<SearchResult> {
  const source = {
    ...conditions,
    table: "events",
    columns: ["alert", "content"],
    apart: `substr(content, 1, 13) = '{"stored_at":'`,
    compare: comparer(stores, needle),
  } as const;
  return await searchText(stores.shard.db, source, needle, start, wanted, maxRows);
}
