import type { AlertFields, AlertStatus } from "../../model/alert.ts";
import type { HistoryKey } from "../../model/episode.ts";
import { IS_NO_ALIAS } from "../alerts/aliases.ts";
import { alertOpenedBy, hasNoRow, isInPack, openerOf, unpack } from "../alerts/lone-alerts.ts";
import { fieldsUnlessErased } from "../events/erased-fields.ts";
import { WATERMARK } from "../maintenance/hours.ts";

// How a batch of events changes alerts. Each statement takes a JSON list.

/** An alert as the API shows it. Written only while its history has `history_version`. */
export type AlertRow = HistoryKey & {
  /** Whether its opener is its only event. A lone alert needs no row. */
  readonly is_lone: boolean;
  readonly history_version: number;
  /** The key that the API shows: the opener's, which may be an alias of the history's key. */
  readonly shown_key: string;
  readonly id: string;
  readonly integration_id: string;
  readonly status: AlertStatus;
  readonly fields: AlertFields;
  readonly fields_from: string;
  readonly dedup_count: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly acknowledged_at: string | null;
  readonly resolved_at: string | null;
};

/** An alert to delete, because an earlier event turned out to have opened it. */
export type GoneAlert = HistoryKey & { readonly history_version: number; readonly id: string };

// The opener is on record, or this batch inserts it, with this alert. At or below the watermark, no pass packs the alert any more.
const STAYS_LONE = `(${hasNoRow("u.value->>'id'")}
  AND (${openerOf("u.value->>'id'")} > ${WATERMARK} OR ${isInPack("u.value->>'id'")})
  AND COALESCE(
    (SELECT e.alert_id IS u.value->>'id' FROM events e WHERE e.id = ${openerOf("u.value->>'id'")}), u.value->>'is_new'))`;

/** Writes alerts that are not lone. Runs before histories are compacted and the events are written. */
export const UPSERT_ALERTS = `
  INSERT INTO alerts (id, integration_id, namespace, key, status, fields, fields_from, dedup_count,
    created_at, updated_at, acknowledged_at, resolved_at)
  SELECT u.value->>'id', u.value->>'integration_id', h.namespace, u.value->>'shown_key', u.value->>'status',
    ${fieldsUnlessErased("u.value->>'fields'", "u.value->>'fields_from'")},
    u.value->>'fields_from', u.value->>'dedup_count', u.value->>'created_at', u.value->>'updated_at',
    u.value->>'acknowledged_at', u.value->>'resolved_at'
  FROM json_each(?1) u
  JOIN alert_histories h ON h.namespace = u.value->>'namespace' AND h.key = u.value->>'key'
    AND h.version = u.value->>'history_version'
  WHERE ${IS_NO_ALIAS} AND NOT (u.value->>'is_lone' AND ${STAYS_LONE})
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, fields = excluded.fields, fields_from = excluded.fields_from,
    dedup_count = excluded.dedup_count, updated_at = excluded.updated_at, acknowledged_at = excluded.acknowledged_at,
    resolved_at = excluded.resolved_at
  WHERE (alerts.status, alerts.fields, alerts.fields_from, alerts.dedup_count, alerts.updated_at, alerts.acknowledged_at, alerts.resolved_at)
    IS NOT (excluded.status, excluded.fields, excluded.fields_from, excluded.dedup_count, excluded.updated_at, excluded.acknowledged_at,
      excluded.resolved_at)`;

const GONE_ALERTS = `
    SELECT u.value->>'id' FROM json_each(?1) u
    JOIN alert_histories h ON h.namespace = u.value->>'namespace' AND h.key = u.value->>'key'
      AND h.version = u.value->>'history_version' AND ${IS_NO_ALIAS}`;
/** Deletes `GoneAlert`s. */
export const DELETE_GONE_ALERTS = `DELETE FROM alerts WHERE id IN (${GONE_ALERTS})`;
/** Removes `GoneAlert`s from packs. */
export const UNPACK_GONE = unpack(GONE_ALERTS);
/** Removes the alerts of corrected events that open none any more from packs. Takes {id} of the events, and runs after they are written. */
export const UNPACK_CORRECTED = unpack(`
  SELECT ${alertOpenedBy("e.id")} FROM json_each(?1) u JOIN events e ON e.id = u.value->>'id'
  WHERE e.alert_id IS NOT ${alertOpenedBy("e.id")}`);
