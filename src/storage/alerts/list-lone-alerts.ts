import type { Alert } from "../../model/alert.ts";
import { alertIdOf, openerOf } from "../../model/ids.ts";
import { type Needle, contains } from "../../model/text-match.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { WATERMARK } from "../maintenance/hours.ts";
import type { ListedPage } from "../pages.ts";
import { type Row, textOrNull } from "../rows.ts";
import { type Condition, allOf } from "../search.ts";
import { ABOVE_ALL_IDS } from "../tables.ts";
import { OPENS_LONE, hasNoRow, idInPack, packOf, parseLone, readLoneAlerts } from "./lone-alerts.ts";

/** What restricts a list of lone alerts. All of them are open. An undefined filter does not restrict. */
export type LoneFilters = {
  readonly integration_id?: string | undefined;
  readonly urgency?: string | undefined;
  readonly key?: string | undefined;
  readonly text?: Needle | undefined;
};

/** Ids of alerts from `floor` on and below `start`. */
export type LoneBounds = { readonly start: string; readonly floor: string };

/** The events above the watermark that one page looks at. They wait for a pass, which comes every minute: it is 125 a second for two. */
const MAX_SCANNED_EVENTS = 15_000;
/** The bytes of packs that one page looks at: some 4,000 alerts. */
const MAX_SCANNED_BYTES = 2_000_000;
/** The rows that a pack counts for: it is found, sized and read. */
const READS_OF_PACK = 3;
/** A text is looked for here, in all alerts that the query returns. */
const MAX_SEARCHED = 1_000;

/** SQL for the alert `alert` of the integration `integration_id`. */
function matching({ integration_id, urgency, key }: LoneFilters): Condition {
  const given = { integration_id, "alert->>'urgency'": urgency, "alert->>'key'": key };
  return allOf(
    Object.entries(given).flatMap(([sql, value]) =>
      value === undefined ? [] : [{ sql: `${sql} = ?`, values: [value] }],
    ),
  );
}

// Each query ends with a row that says where it stopped because it had looked at enough; NULL if it reached the end of the range.

function newestOf(condition: Condition): string {
  const inRange = `e.id > ${WATERMARK} AND e.id < ?1 AND e.id >= ?2`;
  return `
  WITH stop (id) AS (SELECT (
    SELECT e.id FROM events e WHERE ${inRange} ORDER BY e.id DESC LIMIT 1 OFFSET ${MAX_SCANNED_EVENTS - 1}))
  SELECT * FROM (
    SELECT e.integration_id, e.alert, NULL AS stop FROM events e
    WHERE ${inRange} AND e.id >= COALESCE((SELECT id FROM stop), '') AND ${OPENS_LONE} AND ${condition.sql}
    ORDER BY e.id DESC LIMIT ?)
  UNION ALL SELECT '', '', id FROM stop`;
}

// A pack has one alert where few come, so that packs are counted by their bytes. A step finds the next one by its key.
function packedOf(condition: Condition): string {
  const inRange = "p.first_id < ?1 AND p.first_id >= (SELECT id FROM low)";
  const bytes = `COALESCE((SELECT OCTET_LENGTH(p.alerts) FROM lone_alerts p WHERE p.first_id = walk.id), 0)`;
  const id = idInPack("m");
  return `
  WITH RECURSIVE low (id) AS MATERIALIZED (SELECT COALESCE(${packOf("?2")}, '')),
  walk (id, bytes, packs) AS (
    SELECT MAX(p.first_id), 0, 1 FROM lone_alerts p WHERE ${inRange}
    UNION ALL
    SELECT (SELECT MAX(p.first_id) FROM lone_alerts p WHERE p.first_id < walk.id AND ${inRange}), walk.bytes + ${bytes}, walk.packs + 1
    FROM walk WHERE walk.id IS NOT NULL AND walk.packs < ?3 AND walk.bytes + ${bytes} < ${MAX_SCANNED_BYTES}),
  stop (id) AS (SELECT CASE WHEN COUNT(*) = COUNT(id) THEN MIN(id) END FROM walk)
  SELECT * FROM (
    SELECT m.value->>0 AS integration_id, m.value->'$[1]' AS alert, NULL AS stop
    FROM lone_alerts p CROSS JOIN json_each(p.alerts) m
    WHERE ${inRange} AND p.first_id >= COALESCE((SELECT id FROM stop), '') AND ${id} < ?1 AND ${id} >= ?2
      AND ${condition.sql} AND ${hasNoRow(id)}
    ORDER BY p.first_id DESC, m.key DESC LIMIT ?)
  UNION ALL SELECT '', '', id FROM stop`;
}

/** Returns the alerts of a query, and the id down to which they are complete; null at the end of the range. */
function partOf(results: readonly Row[], wanted: number, idOf: (stop: string) => string): ListedPage<Alert> {
  const rows = results.slice(0, -1).map(parseLone);
  const [end] = results.slice(-1);
  if (end === undefined) throw new Error("The query returned no last row.");
  const last = rows.at(-1);
  if (last !== undefined && rows.length === wanted) return { rows, next: last.id };
  const stop = textOrNull(end, "stop");
  return { rows, next: stop === null ? null : idOf(stop) };
}

function holds({ key, title, description }: Alert, needle: Needle | undefined): boolean {
  return needle === undefined || [key, title, description].some((each) => contains(each, needle));
}

/** Returns the id of the event that an alert's id derives from, for bounds too: they may lie above or below all ids. */
function boundOf(alertId: string): string {
  return alertId === "" || alertId === ABOVE_ALL_IDS ? alertId : openerOf(alertId);
}

/** Returns the newest alerts that fit, where `rest` is what follows them. */
function pageOf(alerts: readonly Alert[], limit: number, rest: string | null): ListedPage<Alert> {
  const rows = alerts.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: last !== undefined && rows.length < alerts.length ? last.id : rest };
}

/** The alerts that one page looks up. */
const MAX_LOOKED_UP = 1_000;

/** Returns those of these alerts that are lone, newest first, in a range of ids. */
export async function listLoneAlertsById(
  db: ShardDatabase,
  limit: number,
  { start, floor }: LoneBounds,
  { integration_id, urgency, key, text }: LoneFilters,
  ids: readonly string[],
): Promise<ListedPage<Alert>> {
  const wanted = ids.filter((id) => id < start && id >= floor).toSorted((a, b) => (a < b ? 1 : -1));
  const looked = wanted.slice(0, MAX_LOOKED_UP);
  const alerts = (await readLoneAlerts(db, looked)).filter(
    (each) =>
      (integration_id ?? each.integration_id) === each.integration_id &&
      (urgency ?? each.urgency) === each.urgency &&
      (key ?? each.key) === each.key &&
      holds(each, text),
  );
  const last = looked.at(-1);
  const rest = last !== undefined && looked.length < wanted.length ? last : null;
  return pageOf(
    alerts.toSorted((a, b) => (a.id < b.id ? 1 : -1)),
    limit,
    rest,
  );
}

/**
 * Returns lone alerts in a range of ids, newest first. `next` is the id down to which all of them are in the page, null at the end of the
 * range. `maxRows` bounds the packs that are looked at.
 */
export async function listLoneAlerts(
  db: ShardDatabase,
  limit: number,
  { start, floor }: LoneBounds,
  filters: LoneFilters,
  maxRows: number,
): Promise<ListedPage<Alert>> {
  const condition = matching(filters);
  const needle = filters.text;
  // A pack has an alert, so that a page without filters is full.
  const maxPacks = Math.max(Math.ceil(maxRows / READS_OF_PACK), limit + 1);
  // One more than the page has says whether there are more.
  const wanted = needle === undefined ? limit + 1 : MAX_SEARCHED;
  const [newest, packed] = await db.batch<Row>([
    db.prepare(newestOf(condition)).bind(boundOf(start), boundOf(floor), ...condition.values, wanted),
    db.prepare(packedOf(condition)).bind(start, floor, maxPacks, ...condition.values, wanted),
  ]);
  const first = partOf(newest?.results ?? [], wanted, alertIdOf);
  const second = partOf(packed?.results ?? [], wanted, (id) => id);
  const isWhole = first.next === null;
  const alerts = (isWhole ? [...first.rows, ...second.rows] : first.rows).filter((each) => holds(each, needle));
  return pageOf(alerts, limit, isWhole ? second.next : first.next);
}
