import type { ListedPage } from "../../pages.ts";
import type { EventStores } from "../../../platform/shards.ts";
import { type Row, text } from "../../rows.ts";
import { type ColdSearch, searchCold } from "./search.ts";

function idOf(row: Row): string {
  return text(row, "id");
}

/**
 * Merges a page of `events` and one of segments into one page, newest first. Each is complete down to its `next`, so the merged page
 * ends at the higher one. The row in `events` counts: it was read first, and has moved since if both have it.
 */
export function mergeHotAndCold(hot: ListedPage<Row>, cold: ListedPage<Row>, limit: number): ListedPage<Row> {
  if (cold.rows.length === 0 && cold.next === null) return hot;
  const next = hot.next !== null && cold.next !== null && hot.next < cold.next ? cold.next : (hot.next ?? cold.next);
  const byId = new Map([...cold.rows, ...hot.rows].map((row) => [idOf(row), row]));
  const rows = [...byId.values()]
    .filter((row) => next === null || idOf(row) >= next)
    .toSorted((a, b) => (idOf(a) < idOf(b) ? 1 : -1));
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: last !== undefined && shown.length < rows.length ? idOf(last) : next };
}

/** Returns a page of `events` together with what segments have, down to where the page ends. `search` says what would fill it. */
export async function addCold(
  stores: EventStores,
  hot: ListedPage<Row>,
  limit: number,
  search: ColdSearch,
): Promise<ListedPage<Row>> {
  const floor = hot.next !== null && hot.next > search.floor ? hot.next : search.floor;
  if (floor >= search.start) return hot;
  return mergeHotAndCold(hot, await searchCold(stores, { ...search, floor }), limit);
}
