import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { type ListedEvent, type ListedPage, listEventsById } from "../../storage/events/log.ts";
import { readAlerts } from "../alerts/expand.ts";
import { alert } from "../alerts/fields.ts";
import type { Shown } from "../endpoint.ts";
import { type Objects, cutPage, expandable, readObjects } from "../expand.ts";
import { pageOf } from "../paging.ts";
import { answerSchema } from "../schema.ts";
import { event, viewEvent } from "./fields.ts";

const NAMES = ["alert"] as const;

/** The parameter of events. */
export const expandEvent = expandable(NAMES);

/** What an expanded event shows, too. */
export const expandedFields = { alert: z.optional(z.nullable(alert)) };

const expandedEvent = answerSchema("Event", z.extend(event, expandedFields));
export const expandedEventList = pageOf("EventList", expandedEvent);

type Name = (typeof NAMES)[number];
type Row = Shown<typeof expandedEvent>;

/** Reads the events of rows. */
export async function readEvents(context: Context, ids: readonly string[]): Promise<Objects<ListedEvent>> {
  return await readObjects(context, [...new Set(ids)], listEventsById);
}

/** Shows a page of events with the objects that it names. The page is shorter if they are large. */
export async function expandEvents(
  context: Context,
  page: ListedPage<ListedEvent>,
  names: readonly Name[],
): Promise<ListedPage<Row>> {
  if (names.length === 0) return { rows: page.rows.map(viewEvent), next: page.next };
  const alerts = await readAlerts(
    context,
    page.rows.map(({ alert_id }) => alert_id),
  );
  const { rows, next } = cutPage(page, ({ alert_id }) => alerts.isRead(alert_id));
  return { rows: rows.map((row) => ({ ...viewEvent(row), alert: alerts.find(row.alert_id) })), next };
}
