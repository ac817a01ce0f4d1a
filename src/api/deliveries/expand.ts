import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import type { ListedDelivery, ListedEvent, ListedPage } from "../../storage/events/log.ts";
import { readAlerts } from "../alerts/expand.ts";
import { alert } from "../alerts/fields.ts";
import { destination } from "../destinations/fields.ts";
import { readStates, viewDestination } from "../destinations/view.ts";
import type { Shown } from "../endpoint.ts";
import { readEvents } from "../events/expand.ts";
import { event, viewEvent } from "../events/fields.ts";
import { readDestinations } from "../events/replayable.ts";
import { NO_OBJECTS, type Objects, cutPage, expandable } from "../expand.ts";
import { pageOf } from "../paging.ts";
import { answerSchema } from "../schema.ts";
import { delivery, viewDelivery } from "./fields.ts";

const NAMES = ["event", "destination", "alert"] as const;
type Name = (typeof NAMES)[number];

/** The parameter of deliveries. */
export const expandDelivery = expandable(NAMES);

export const expandedDelivery = answerSchema(
  "Delivery",
  z.extend(delivery, {
    event: z.optional(z.nullable(event)),
    destination: z.optional(z.nullable(destination)),
    alert: z.optional(z.nullable(alert)),
  }),
);
export const expandedDeliveryList = pageOf("DeliveryList", expandedDelivery);

type Destinations = ReadonlyMap<string, Shown<typeof destination>>;

async function readShownDestinations(context: Context, ids: readonly string[]): Promise<Destinations> {
  const all = await readDestinations(context.primary);
  const named = [...new Set(ids)].flatMap((id) => all.get(id) ?? []);
  const states = await readStates(context, named);
  return new Map(named.map((each) => [each.id, viewDestination(each, states)]));
}

/** Shows a page of deliveries with the objects that it names. The page is shorter if they are large. */
export async function expandDeliveries(
  context: Context,
  page: ListedPage<ListedDelivery>,
  names: readonly Name[],
): Promise<ListedPage<Shown<typeof expandedDelivery>>> {
  if (names.length === 0) return { rows: page.rows.map(viewDelivery), next: page.next };
  const has = (name: Name): boolean => names.includes(name);
  const eventIds = page.rows.map(({ event_id }) => event_id);
  const events: Objects<ListedEvent> = has("event") || has("alert") ? await readEvents(context, eventIds) : NO_OBJECTS;
  const withEvents = cutPage(page, ({ event_id }) => events.isRead(event_id));
  const alertOf = ({ event_id }: ListedDelivery): string | null => events.find(event_id)?.alert_id ?? null;
  const alerts = has("alert") ? await readAlerts(context, withEvents.rows.map(alertOf)) : NO_OBJECTS;
  const { rows, next } = cutPage(withEvents, (row) => alerts.isRead(alertOf(row)));
  const destinations = has("destination")
    ? await readShownDestinations(
        context,
        rows.map(({ destination_id }) => destination_id),
      )
    : null;
  const shown = rows.map((row) => {
    const listed = events.find(row.event_id);
    return {
      ...viewDelivery(row),
      ...(has("event") ? { event: listed === null ? null : viewEvent(listed) } : {}),
      ...(destinations === null ? {} : { destination: destinations.get(row.destination_id) ?? null }),
      ...(has("alert") ? { alert: alerts.find(alertOf(row)) } : {}),
    };
  });
  return { rows: shown, next };
}
