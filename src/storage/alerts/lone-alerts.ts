import type { Alert, AlertFields, AlertSnapshot } from "../../model/alert.ts";
import { timeOf } from "../../model/ids.ts";
import type { ShardDatabase } from "../../platform/shards.ts";
import { WATERMARK } from "../maintenance/hours.ts";
import { type Row, fromColumn, text } from "../rows.ts";

// Lone alerts: those whose only event is the one that opened them. A row in `alerts` would say what the opener's row in `events` says,
// and D1 bills each row written. So they have none until another event concerns them. The pass of the rollups, which moves the
// watermark past the events, packs the lone alerts among them: one row for up to a hundred. Packs keep them when their events move
// to segments or expire. A row in `alerts` always counts, so that a pack may keep alerts that have got one.

/** The alerts of one pack. */
const MAX_PACK_ALERTS = 100;
/** An alert whose key and fields are longer, as JSON, has a row of its own. A row of D1 has 2 MB at most. */
export const MAX_LONE_CHARACTERS = 4_000;
/** With its other members. */
const MAX_LONE_BYTES = 3 * MAX_LONE_CHARACTERS + 1_000;

/** SQL for the alert that an event opened. */
export function alertOpenedBy(eventId: string): string {
  return `'alr_' || substr(${eventId}, 5)`;
}

/** SQL for the event that opened an alert. */
export function openerOf(alertId: string): string {
  return `'evt_' || substr(${alertId}, 5)`;
}

/** SQL that holds if there is no row in `alerts` for an id. */
export function hasNoRow(alertId: string): string {
  return `NOT EXISTS (SELECT 1 FROM alerts a WHERE a.id = ${alertId})`;
}

/**
 * SQL that holds for an event `e` whose alert is lone. Another consumer may be about to write the row of the alert, or to correct the
 * event; the alert is as the event left it until then. Alerts of shared keys have rows.
 */
export const OPENS_LONE = `(e.alert_id = ${alertOpenedBy("e.id")} AND OCTET_LENGTH(e.alert) <= ${MAX_LONE_BYTES}
  AND ${hasNoRow("e.alert_id")}
  AND EXISTS (SELECT 1 FROM alert_histories h WHERE h.namespace = e.integration_id AND h.key = e.alert->>'key'))`;

/**
 * Returns the statement that packs the lone alerts of events `e` for which a condition holds. It finds the bounds of the packs first, and then
 * reads one pack after the other: 10,000 alerts can have 120 MB, which SQLite would sort in memory.
 */
export function packLoneAlerts(condition: string): string {
  return `
  INSERT INTO lone_alerts (first_id, alerts)
  SELECT ${alertOpenedBy("p.first")}, (
    SELECT json_group_array(json_array(o.integration_id, json(o.alert))) FROM (
      SELECT e.integration_id, e.alert FROM events e WHERE e.id >= p.first AND e.id <= p.last AND ${OPENS_LONE} ORDER BY e.id) o)
  FROM (
    SELECT MIN(id) AS first, MAX(id) AS last FROM (
      SELECT e.id, (ROW_NUMBER() OVER (ORDER BY e.id) - 1) / ${MAX_PACK_ALERTS} AS pack
      FROM events e WHERE ${condition} AND ${OPENS_LONE})
    GROUP BY pack) p
  WHERE true ON CONFLICT (first_id) DO NOTHING`;
}

/** SQL for the key of the pack that can hold an alert. */
export function packOf(alertId: string): string {
  return `(SELECT MAX(p.first_id) FROM lone_alerts p WHERE p.first_id <= ${alertId})`;
}

/** SQL for the id of an alert of a pack: `pack` is a row of `json_each`. */
export function idInPack(pack: string): string {
  return `${pack}.value->>'$[1].id'`;
}

/** SQL that holds if a pack has an alert. */
export function isInPack(alertId: string): string {
  return `EXISTS (
    SELECT 1 FROM lone_alerts p, json_each(p.alerts) m WHERE p.first_id = ${packOf(alertId)} AND ${idInPack("m")} = ${alertId})`;
}

/** Returns the statement that removes alerts from packs. `ids` is SQL for a list of ids. */
export function unpack(ids: string): string {
  return `
  WITH gone (id) AS MATERIALIZED (${ids})
  UPDATE lone_alerts SET alerts = (
    SELECT json_group_array(json(m.value)) FROM json_each(lone_alerts.alerts) m WHERE ${idInPack("m")} NOT IN (SELECT id FROM gone))
  WHERE first_id IN (SELECT ${packOf("g.id")} FROM gone g WHERE ${isInPack("g.id")})`;
}

/** Returns the statement that gives an alert other fields in its pack. */
export function replaceFieldsInPack(db: ShardDatabase, id: string, fields: AlertFields): D1PreparedStatement {
  const names = Object.keys(fields).map((name) => `'$.${name}', json(?2->'$.${name}')`);
  return db
    .prepare(
      `UPDATE lone_alerts SET alerts = (
         SELECT json_group_array(
           CASE WHEN ${idInPack("m")} = ?1 THEN json_array(m.value->>0, json_set(m.value->'$[1]', ${names.join(", ")}))
           ELSE json(m.value) END)
         FROM json_each(lone_alerts.alerts) m)
       WHERE first_id = ${packOf("?1")} AND ${isInPack("?1")}`,
    )
    .bind(id, JSON.stringify(fields));
}

/** Returns a lone alert as the API shows it: its times are those of its opener. */
export function parseLone(row: Row): Alert {
  const { id, key, status, dedup_count, ...fields } = fromColumn<AlertSnapshot>(row, "alert");
  const at = new Date(timeOf(id)).toISOString();
  const integration_id = text(row, "integration_id");
  const times = { created_at: at, updated_at: at, acknowledged_at: null, resolved_at: null };
  return { ...fields, id, integration_id, key, status, dedup_count, ...times };
}

const READ_LONE = `
  WITH wanted (id) AS MATERIALIZED (SELECT value FROM json_each(?1))
  SELECT e.integration_id, e.alert FROM wanted w CROSS JOIN events e ON e.id = ${openerOf("w.id")}
  WHERE e.id > ${WATERMARK} AND e.alert_id = w.id AND ${OPENS_LONE}
  UNION ALL
  SELECT m.value->>0, m.value->'$[1]' FROM (SELECT DISTINCT ${packOf("w.id")} AS first_id FROM wanted w) f
  CROSS JOIN lone_alerts p ON p.first_id = f.first_id, json_each(p.alerts) m
  WHERE ${idInPack("m")} IN (SELECT id FROM wanted) AND ${hasNoRow(idInPack("m"))}`;

/** Returns the statement that reads the lone ones of these alerts, for `parseLone`. */
export function loneAlertsStatement(db: ShardDatabase, ids: readonly string[]): D1PreparedStatement {
  return db.prepare(READ_LONE).bind(JSON.stringify(ids));
}

/** Returns the lone ones of these alerts. */
export async function readLoneAlerts(db: ShardDatabase, ids: readonly string[]): Promise<Alert[]> {
  if (ids.length === 0) return [];
  const { results } = await loneAlertsStatement(db, ids).all<Row>();
  return results.map(parseLone);
}
