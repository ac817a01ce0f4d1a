import { destinationsOf } from "../events/deliveries-column.ts";

// The column `rollups.holds`: which integrations and destinations the events of an hour concern, so that a list of few of them
// reads few rows (docs/decisions/0029-hours-name-what-they-hold.md). It is written with the hour's other columns, and costs no row
// of its own. It may name more than an hour holds, and never less.

/** The events of one integration or destination that an hour lists, at most. Above that, the hour is scanned. */
const MAX_LISTED = 12;
/** The length of an event's id without its prefix, and a space. */
const LISTED_LENGTH = 29;
/** The column has about this many characters at most. A list of a month reads 720 of them. */
const MAX_CHARACTERS = 60_000;
const MAX_KEYS = 1_000;
const OVERHEAD_OF_KEY = 6;

/** The value of an integration or destination with many events. */
export const MANY = "*";

/** Returns SQL for the value of a group of events: their ids without prefix, or MANY. Both arguments are SQL expressions. */
function foundOf(texts: string, length: string): string {
  return `CASE WHEN ${length} > ${MAX_LISTED * LISTED_LENGTH} THEN '${MANY}' ELSE group_concat(${texts}, ' ') END`;
}

/** Returns SQL for a map of `key` to `found`, within its bounds; NULL if there are too many keys. `rows` is a query for both. */
function mapOf(rows: string): string {
  return `SELECT CASE WHEN SUM(LENGTH(key) + LENGTH(found) + ${OVERHEAD_OF_KEY}) <= ${MAX_CHARACTERS} THEN json_group_object(key, found)
      WHEN COUNT(*) <= ${MAX_KEYS} THEN json_group_object(key, '${MANY}') END AS holds FROM (${rows})`;
}

/** SQL for the JSON list of what a row `e` of events concerns. */
const CONCERNS_OF_ROW = `
  json_insert(${destinationsOf("e")}, '$[#]', e.integration_id)`;

/** The events × destinations of one step that are read for the column, at most. With more, it is not known. */
const MAX_MEMBERS = 200_000;

/**
 * Returns common table expressions: `holds (hour, holds)` of the events `e` for which a condition holds. `hour` is an SQL
 * expression over `e`.
 */
export function holdsOfRows(hour: string, condition: string): string {
  return `members (hour, key, event) AS MATERIALIZED (
      SELECT ${hour}, m.value, substr(e.id, 5) FROM events e, json_each(${CONCERNS_OF_ROW}) m WHERE ${condition}
      LIMIT ${MAX_MEMBERS + 1}),
    founds (hour, key, found, members) AS MATERIALIZED (
      SELECT hour, key, ${foundOf("event", `COUNT(*) * ${LISTED_LENGTH}`)}, COUNT(*) FROM members GROUP BY hour, key),
    holds (hour, holds) AS MATERIALIZED (
      SELECT f.hour, (${mapOf("SELECT key, found FROM founds WHERE founds.hour = f.hour")})
      FROM (SELECT DISTINCT hour FROM founds) f WHERE (SELECT SUM(members) FROM founds) <= ${MAX_MEMBERS})`;
}

/**
 * Returns SQL for the map of the rows `u` of a JSON list, `?1`, that have the hour of `u`. Each row has `concerns`: the ids of
 * its destinations, and of its integration if the event is new.
 */
export const HOLDS_OF_LIST = `(${mapOf(`
  SELECT m.value AS key, ${foundOf("substr(c.value->>'id', 5)", `COUNT(*) * ${LISTED_LENGTH}`)} AS found
  FROM json_each(?1) c, json_each(c.value, '$.concerns') m WHERE c.value->>'hour' = u.value->>'hour' GROUP BY 1`)})`;

/** SQL for the map of an hour with what `excluded` adds. */
const MERGED = `
  CASE WHEN rollups.holds IS NOT NULL AND excluded.holds IS NOT NULL THEN (${mapOf(`
    SELECT key, CASE WHEN MAX(value = '${MANY}') THEN '${MANY}' ELSE ${foundOf("value", `SUM(LENGTH(value) + 1)`)} END AS found
    FROM (SELECT key, value FROM json_each(rollups.holds) UNION SELECT key, value FROM json_each(excluded.holds)) GROUP BY key`)}) END`;

/** Assigns the count of changes of an hour whose map is as complete as before. */
export const HOLDS_UNCHANGED = "holds_at = holds_at + 1";

/** Assigns the map of an hour that has more events. */
export const HOLDS_MERGED = `holds = ${MERGED}, ${HOLDS_UNCHANGED}`;
