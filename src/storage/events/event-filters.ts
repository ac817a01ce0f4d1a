import { TYPES_BY_NAME_ONLY } from "../../model/event.ts";
import type { Needle } from "../../model/text-match.ts";
import { ANYTHING, type Condition, allOf, columnsAre } from "../search.ts";
import { mayHave } from "../segments/bloom.ts";
import { mayCount } from "../segments/counts.ts";
import type { SegmentHead } from "../segments/heads.ts";
import type { Segment } from "../segments/segment-rows.ts";
import { HAS_NO_DELIVERIES } from "./deliveries-column.ts";
import type { TimeRange } from "./time-range.ts";

/** The filters of a list of events. An undefined one does not restrict. */
export type EventFilters = {
  readonly integration_id?: string | undefined;
  /** Events of any of these integrations. */
  readonly integration_ids?: readonly string[] | undefined;
  readonly outcome?: string | undefined;
  readonly type?: string | undefined;
  readonly alert_id?: string | undefined;
  readonly unrouted?: "true" | "false" | undefined;
  /** A part of the title, the key or the payload's text. */
  readonly text?: Needle | undefined;
} & TimeRange;

// D1 bills the look-ups of a list after NOT IN as rows read.
const IS_NOT_BY_NAME = TYPES_BY_NAME_ONLY.map((type) => `type <> '${type}'`).join(" AND ");

/**
 * Holds for deliverable events that no destination receives, by themselves or in a group. Types that a route must name do not
 * count: a repeat of an alert that was delivered would.
 */
const UNROUTED = `(type IS NOT NULL AND ${IS_NOT_BY_NAME} AND grouped = 0 AND ${HAS_NO_DELIVERIES})`;

/** The filters by columns. */
export type ColumnFilters = Omit<EventFilters, keyof TimeRange | "text">;

function isOfAny(ids: readonly string[] | undefined): Condition {
  if (ids === undefined) return ANYTHING;
  return { sql: "integration_id IN (SELECT value FROM json_each(?))", values: [JSON.stringify(ids)] };
}

/** Returns the condition for the rows that match. */
export function matchingEvents({ unrouted, integration_ids, ...columns }: ColumnFilters): Condition {
  const byColumn = allOf([columnsAre(columns), isOfAny(integration_ids)]);
  if (unrouted === undefined) return byColumn;
  return allOf([byColumn, { sql: unrouted === "true" ? UNROUTED : `NOT ${UNROUTED}`, values: [] }]);
}

function isUnrouted({ type, grouped, deliveries }: SegmentHead): boolean {
  return type !== null && !TYPES_BY_NAME_ONLY.includes(type) && grouped === 0 && deliveries.length === 0;
}

/** Returns whether an event of a segment matches, as `matchingEvents` does for rows. */
export function isMatchingHead(head: SegmentHead, filters: ColumnFilters): boolean {
  const { integration_id, integration_ids, outcome, type, alert_id, unrouted } = filters;
  return (
    (integration_id === undefined || head.integration_id === integration_id) &&
    (integration_ids === undefined || integration_ids.includes(head.integration_id)) &&
    (outcome === undefined || head.outcome === outcome) &&
    (type === undefined || head.type === type) &&
    (alert_id === undefined || head.alert_id === alert_id) &&
    (unrouted === undefined || (unrouted === "true") === isUnrouted(head))
  );
}

/** Returns whether a segment can have events that match. */
export function canMatchEvents({ counts, alerts }: Segment, filters: ColumnFilters): boolean {
  const { integration_id, integration_ids, outcome, type, alert_id } = filters;
  return (
    (integration_id === undefined || mayCount(counts.integrations, integration_id)) &&
    (integration_ids === undefined || integration_ids.some((id) => mayCount(counts.integrations, id))) &&
    (outcome === undefined || mayCount(counts.outcomes, outcome)) &&
    (type === undefined || mayCount(counts.types, type)) &&
    (alert_id === undefined || mayHave(alerts, alert_id))
  );
}
