import type { ShardDatabase } from "../../platform/shards.ts";
import { MANY } from "../maintenance/hour-holds.ts";
import { WATERMARK, boundsOf, hourOf } from "../maintenance/hours.ts";
import { type Row, integer, text } from "../rows.ts";
import { type Search, type SearchResult, type Span, type Spans, allOf, search, searchSpans } from "../search.ts";
import { LOG_END, positionAbove } from "./cursor.ts";

// Events of one integration or with deliveries to one destination. The hours below the watermark of the rollups name what they
// hold, so a search reads the events that they list, and only those hours that have many.

/** The hours that one page reads. A month has 744. */
const MAX_HOURS = 750;
const NO_HOUR = Number.MAX_SAFE_INTEGER;
const EVENT = "evt_";

/** Other texts are no ids, so that no event concerns them. They must not become part of a JSON path. */
const ID = /^[0-9A-Za-z_]{1,64}$/;

// `holds_at` differs if an older version of the gateway has changed the hour.
const READ_HOURS = `
  SELECT hour, CASE WHEN holds IS NULL OR holds_at IS NOT changes THEN '${MANY}'
    WHEN instr(holds, ?1) = 0 THEN '' ELSE COALESCE(holds->>('$.' || ?1), '') END AS found
  FROM rollups WHERE hour <= ?2 AND hour >= ?3 ORDER BY hour DESC LIMIT ?4`;
const READ_WATERMARK = `SELECT ${WATERMARK} AS watermark`;

/** Returns the hour of a position in the log, or null if the text of a cursor holds no valid time. */
function hourAt(id: string): number | null {
  if (id === LOG_END.id) return NO_HOUR;
  const hour = hourOf(id);
  const { from, to } = boundsOf(hour);
  return id >= from && id < to ? hour : null;
}

/** Adds an hour below the spans so far, and joins it to the last one if they are of a kind. */
function addHour(spans: Span[], isNext: boolean, span: Span): void {
  const last = spans.at(-1);
  const isOfAKind = last !== undefined && (last.ids === null ? isNext && span.ids === null : span.ids !== null);
  if (!isOfAKind) {
    spans.push(span);
    return;
  }
  const ids = last.ids === null || span.ids === null ? null : [...last.ids, ...span.ids];
  spans.splice(-1, 1, { from: span.from, below: last.below, ids });
}

/** Returns the parts of the log below `start` and from `floor` on that can have events of an integration or destination. */
async function readSpans(db: ShardDatabase, id: string, start: string, floor: string): Promise<Spans | null> {
  const newest = hourAt(start);
  const oldest = floor === "" ? 0 : hourAt(floor);
  if (newest === null || oldest === null) return null;
  const [marks, hours] = await db.batch<Row>([
    db.prepare(READ_WATERMARK),
    db.prepare(READ_HOURS).bind(JSON.stringify(id), newest, oldest, MAX_HOURS),
  ]);
  const rows = hours?.results ?? [];
  const watermark = text(marks?.results[0] ?? {}, "watermark");
  // Before the first pass, no hour is known.
  if (watermark === "") return null;
  const aboveWatermark = positionAbove(watermark);
  const spans: Span[] = [{ from: aboveWatermark, below: LOG_END.id, ids: null }];
  // An hour without a row has no events. So nothing lies between two rows that follow each other.
  let isNext = false;
  let reached = aboveWatermark;
  for (const row of rows) {
    const { from, to } = boundsOf(integer(row, "hour"));
    const below = to < aboveWatermark ? to : aboveWatermark;
    if (from >= below) continue;
    reached = from;
    const found = text(row, "found");
    if (found !== "") {
      const ids = found === MANY ? null : found.split(" ").map((each) => EVENT + each);
      addHour(spans, isNext, { from, below, ids });
    }
    isNext = found === MANY;
  }
  if (rows.length === MAX_HOURS) return { spans, rest: reached };
  return { spans: [...spans, { from: floor, below: reached, ids: null }], rest: null };
}

/**
 * Searches the log below `start` and from `floor` on for events of an integration or with deliveries to a destination. It
 * returns what `search` would.
 */
export async function searchHours(
  db: ShardDatabase,
  what: Search,
  concerned: string,
  { start, floor }: { readonly start: string; readonly floor: string },
  wanted: number,
  maxRows: number,
): Promise<SearchResult> {
  const among = allOf([what.among, { sql: "id >= ?", values: [floor] }]);
  const bounded = { ...what, among };
  // If matches are frequent, the newest events fill the page.
  const first = await search(db, bounded, start, wanted, Math.min(maxRows, wanted));
  if (first.next === null || first.ids.length >= wanted || first.scanned >= maxRows) return first;
  const spans = ID.test(concerned) ? await readSpans(db, concerned, first.next, floor) : null;
  const [left, most] = [wanted - first.ids.length, maxRows - first.scanned];
  const rest =
    spans === null
      ? await search(db, bounded, first.next, left, most)
      : await searchSpans(db, bounded, spans, first.next, left, most);
  return { ids: [...first.ids, ...rest.ids], next: rest.next, scanned: first.scanned + rest.scanned };
}
