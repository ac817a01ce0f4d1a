import type { EventStores, ShardDatabase } from "../../platform/shards.ts";
import type { AlertSnapshot } from "../../model/alert.ts";
import type { EventContent, EventRecord } from "../../model/event.ts";
import { lowestIdAt, openerOf } from "../../model/ids.ts";
import { readStoredMessage } from "./bodies.ts";
import { ERASED_COLUMN } from "./erase.ts";
import { type ContentColumn, RECORD_COLUMNS, parseEventRecord } from "./events.ts";
import { type ListedPage, type Selected, readFound, readPage, roomOf } from "./pages.ts";
import { type Row, fromColumn, fromColumnOrNull, integer, text } from "../rows.ts";
import { ANYTHING, type Condition, MAX_LOOKED_AT, allOf, columnsAre, search } from "./search.ts";
import { ABOVE_ALL_IDS, type PageQuery, findRow } from "../tables.ts";

export type { ListedPage } from "./pages.ts";

/** An event as the API shows it; `content` is null where the body that it was kept in is gone. */
export type ListedEvent = EventRecord & {
  readonly content: EventContent | null;
  /** Whether somebody has had its content erased. */
  readonly is_erased: boolean;
  /** The alert as the event left it. */
  readonly alert: AlertSnapshot | null;
  /** How many destinations are owed it in a group. */
  readonly grouped: number;
};

/** What `parseListed` reads beside the content. */
const LISTED_COLUMNS = `${RECORD_COLUMNS}, alert, grouped`;

function parseListed(row: Row, content: EventContent | null): ListedEvent {
  const alert = fromColumnOrNull<AlertSnapshot>(row, "alert");
  const is_erased = text(row, "content") === JSON.stringify(ERASED_COLUMN);
  return { ...parseEventRecord(row), content, is_erased, alert, grouped: integer(row, "grouped") };
}

type Loaded = { readonly content: EventContent | null; readonly characters: number };

async function loadContent(bodies: R2Bucket, row: Row): Promise<Loaded> {
  const column = fromColumn<ContentColumn>(row, "content");
  if (!("stored_at" in column)) return { content: column, characters: text(row, "content").length };
  const message = await readStoredMessage(bodies, column.stored_at);
  return { content: message?.content ?? null, characters: message?.content.request.body.length ?? 0 };
}

/** What a list of events can be filtered by. */
export type EventFilters = {
  readonly integration_id?: string | undefined;
  readonly outcome?: string | undefined;
  readonly type?: string | undefined;
  readonly alert_id?: string | undefined;
  readonly unrouted?: "true" | "false" | undefined;
};

/** Nobody is owed it, by itself or in a group, although there was something to tell. An empty list is two bytes. */
const UNROUTED = "(type IS NOT NULL AND grouped = 0 AND OCTET_LENGTH(deliveries) = 2)";

function matchingEvents({ unrouted, ...columns }: EventFilters): Condition {
  const byColumn = columnsAre(columns);
  if (unrouted === undefined) return byColumn;
  return allOf([byColumn, { sql: unrouted === "true" ? UNROUTED : `NOT ${UNROUTED}`, values: [] }]);
}

/** Where the events of an alert are: from the one that opened it to the last one that did something to it. */
async function rangeOf(db: ShardDatabase, alertId: string): Promise<{ readonly from: string; readonly below: string }> {
  const alert = await db.prepare("SELECT updated_at FROM alerts WHERE id = ?").bind(alertId).first<Row>();
  const below = alert === null ? ABOVE_ALL_IDS : lowestIdAt("evt", Date.parse(text(alert, "updated_at")) + 1);
  return { from: openerOf(alertId), below };
}

const LISTED_EVENTS: Selected = { table: "events", columns: LISTED_COLUMNS, long: "content" };

async function readEvents(
  db: ShardDatabase,
  page: PageQuery,
  filters: EventFilters,
  most: number,
): Promise<ListedPage<Row>> {
  const { limit, before } = page;
  const below = before ?? ABOVE_ALL_IDS;
  const matching = matchingEvents(filters);
  if (matching === ANYTHING) {
    return await readPage(db, LISTED_EVENTS, { sql: "id < ?", values: [below] }, page, null);
  }
  const range = filters.alert_id === undefined ? null : await rangeOf(db, filters.alert_id);
  const among: Condition = range === null ? ANYTHING : { sql: "id >= ?", values: [range.from] };
  const top = range === null || below < range.below ? below : range.below;
  const found = await search(db, { from: "events", among, matching }, top, limit + 1, most);
  return await readFound(db, LISTED_EVENTS, found, page);
}

/**
 * Events, newest first. A page may be shorter than asked for, where bodies are large or where events that match are rare:
 * of a filtered list it looks at no more than `most` events.
 */
export async function listEvents(
  stores: EventStores,
  page: PageQuery,
  filters: EventFilters,
  most: number = MAX_LOOKED_AT,
): Promise<ListedPage<ListedEvent>> {
  const read = await readEvents(stores.shard.db, page, filters, most);
  const rows: ListedEvent[] = [];
  let characters = 0;
  for (const row of read.rows) {
    const loaded = await loadContent(stores.bodies, row);
    characters += loaded.characters;
    const last = rows.at(-1);
    if (last !== undefined && characters > roomOf(page)) return { rows, next: last.id };
    rows.push(parseListed(row, loaded.content));
  }
  return { rows, next: read.next };
}

/** Where events are kept: their rows, and the bodies that are too large for a row. */
export async function findEvent(stores: EventStores, id: string): Promise<ListedEvent | null> {
  const row = await findRow(stores.shard.db, "events", id);
  if (row === null) return null;
  const { content } = await loadContent(stores.bodies, row);
  return parseListed(row, content);
}
