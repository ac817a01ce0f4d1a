import { LATENCY_BOUNDS_MS, OTHER_DESTINATIONS, OTHER_INTEGRATIONS, type Tally } from "../../model/series.ts";
import { eachDelivery } from "../events/deliveries-column.ts";

// What charts count, as SQL. A pass of the rollups counts the events that it reads into one row of series_parts, in its transaction, so
// that each is counted once. What comes after the pass, attempts and late events, leaves a row for its batch.

/** The tallies of one row: the largest ones are kept, and the others are added up by hour. */
const MAX_TALLIES = 5_000;

const CODE_CLASS = `CASE WHEN t.value->>'status' IS NOT NULL THEN ((t.value->>'status') / 100) || 'xx'
    WHEN t.value->>'error' IS NULL THEN 'stored' ELSE 'error' END`;
const LATENCY_CLASS = `CASE ${LATENCY_BOUNDS_MS.map((bound, index) => `WHEN t.value->>'duration_ms' <= ${bound} THEN ${index}`).join(" ")}
    ELSE ${LATENCY_BOUNDS_MS.length} END`;

function minuteOf(time: string): string {
  return `unixepoch(${time}) / 60`;
}

// Integrations and destinations are counted apart, in one term: D1 takes at most five of a compound SELECT. Events of the gateway itself
// belong to no integration.
function both(kind: "t" | "f", from: string, minute: string, name: string, latency: string): string {
  return `SELECT '${kind}', ${minute}, iif(k.value, integration_id, destination_id) AS id, ${name}, ${latency}, COUNT(*)
    FROM ${from}, json_each('[0,1]') k WHERE iif(k.value, integration_id, destination_id) <> '' GROUP BY 2, 3, 4, 5`;
}

/** Returns a query for the tallies of events. `events` is SQL for rows of the table. */
function tallies(events: string): string {
  return `
  WITH e AS MATERIALIZED (${events}),
  d AS MATERIALIZED (
    SELECT e.integration_id, v.value->>'destination_id' AS destination_id, v.value->>'status' AS status, v.value->>'created_at' AS created_at,
      v.value->>'updated_at' AS updated_at, v.value->'attempts' AS attempts
    FROM e, ${eachDelivery("e")} v),
  t AS MATERIALIZED (
    SELECT d.integration_id, d.destination_id, ${minuteOf("t.value->>'at'")} AS minute, ${CODE_CLASS} AS name, ${LATENCY_CLASS} AS latency
    FROM d, json_each(d.attempts) t),
  counted AS (
    SELECT 'a' AS kind, ${minuteOf("received_at")} AS minute, integration_id AS id, '' AS name, NULL AS latency, COUNT(*) AS count
    FROM e WHERE integration_id <> '' AND type IS NOT 'event.group' GROUP BY 2, 3
    UNION ALL
    SELECT 'a', ${minuteOf("created_at")}, destination_id, '', NULL, COUNT(*) FROM d GROUP BY 2, 3
    UNION ALL ${both("t", "t", "minute", "name", "latency")}
    UNION ALL ${both("f", "d", minuteOf("updated_at"), "CASE WHEN status <> 'pending' THEN status END", "NULL")}),
  ranked AS (SELECT *, ROW_NUMBER() OVER (ORDER BY count DESC) AS rank FROM counted WHERE name IS NOT NULL)
  SELECT kind, minute, id, name, latency, count FROM ranked WHERE rank <= ${MAX_TALLIES}
  UNION ALL
  SELECT kind, minute / 60 * 60, CASE WHEN id LIKE 'int@_%' ESCAPE '@' THEN '${OTHER_INTEGRATIONS}' ELSE '${OTHER_DESTINATIONS}' END, name, NULL,
    SUM(count)
  FROM ranked WHERE rank > ${MAX_TALLIES} GROUP BY 1, 2, 3, 4`;
}

const COLUMNS = "id, integration_id, type, received_at, deliveries";
const RANDOM_ID = "lower(hex(randomblob(16)))";

/** Returns the statement that counts the events after `watermark` (SQL) and up to the id `?1`. */
export function insertPartOfPass(watermark: string): string {
  return `
  INSERT INTO series_parts (id, counts)
  SELECT ${RANDOM_ID}, json_group_array(json_array(kind, minute, id, name, latency, count))
  FROM (${tallies(`SELECT ${COLUMNS} FROM events WHERE id > ${watermark} AND id <= ?1`)}) HAVING COUNT(*) > 0`;
}

/** Returns the query for the tallies of the first `maxEvents` events after `watermark` (SQL). */
export function talliesAfter(watermark: string, maxEvents: number): string {
  return tallies(`SELECT ${COLUMNS} FROM events WHERE id > ${watermark} ORDER BY id LIMIT ${maxEvents}`);
}

/** An item of the statements below. */
export type TalliedEvent = { readonly id: string; readonly version?: number; readonly tallies: readonly Tally[] };

function insertPart(join: string, condition: string): string {
  return `
  INSERT INTO series_parts (id, counts)
  SELECT ${RANDOM_ID}, json_group_array(json(t.value))
  FROM json_each(?1) u ${join}, json_each(u.value->'tallies') t WHERE ${condition} HAVING COUNT(*) > 0`;
}

/** Returns the statement that counts new events at or below `watermark` (SQL). It runs before they are inserted. */
export function insertPartOfLate(watermark: string): string {
  return insertPart(
    "",
    `u.value->>'id' <= ${watermark} AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = u.value->>'id')`,
  );
}

/** Returns the statement that counts changes of events at or below `watermark` (SQL). It runs before they are written. */
export function insertPartOfChange(watermark: string): string {
  return insertPart(
    "JOIN events e ON e.id = u.value->>'id' AND e.version = u.value->>'version'",
    `e.id <= ${watermark}`,
  );
}
