import type {
  Alert,
  AlertList,
  Delivery,
  DeliveryList,
  Destination,
  DestinationList,
  EventExplanation,
  EventList,
  IntegrationList,
  Metrics,
  Reconciliation,
  RouteList,
  WholeEvent,
} from "../../client/index.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import type { CallApi } from "../call-api.ts";
import { type Explanation, explainDelivery, explainUnrouted } from "../failure.ts";
import { operationInput } from "../operation-input.ts";
import { NOTICE, line } from "../strangers.ts";
import { type Arguments, type Tool, idIn, inputOf, idSchema } from "../tool.ts";
import { ofOperation } from "./of-operation.ts";
import { showAlert, showAlertInList, showDelivery, showDeliveryInList, showEvent, showEventInList } from "./show.ts";

const READS = { scope: "read", effect: "reads" } as const;

const searchEvents = ofOperation<EventList>(
  {
    ...READS,
    name: "search_events",
    title: "Search events",
    description:
      "Lists events, newest first: by a part of the title, key or payload (q), integration, type, outcome, alert, time, or those that no route took (unrouted). A page may be short and still have a next_cursor.",
  },
  operationInput("events.list", { omit: ["expand"] }),
  ({ data, next_cursor }) => ({ notice: NOTICE, events: data.map(showEventInList), next_cursor }),
);

const listDeliveries = ofOperation<DeliveryList>(
  {
    ...READS,
    name: "list_deliveries",
    title: "List deliveries",
    description:
      'Lists deliveries, newest first. With outstanding "true": the dead ones that were not replayed, which is what needs attention.',
  },
  operationInput("deliveries.list", { omit: ["expand"] }),
  ({ data, next_cursor }) => ({ notice: NOTICE, deliveries: data.map(showDeliveryInList), next_cursor }),
);

const listAlerts = ofOperation<AlertList>(
  {
    ...READS,
    name: "list_alerts",
    title: "List alerts",
    description: "Lists alerts, newest first, by status, integration, key, urgency, time or text.",
  },
  operationInput("alerts.list"),
  ({ data, next_cursor }) => ({ notice: NOTICE, alerts: data.map(showAlertInList), next_cursor }),
);

async function destinationOf(callApi: CallApi, id: string): Promise<Destination | null> {
  const found = await callApi<Destination>({ method: "GET", path: `/destinations/${id}` });
  return found.ok ? found.value : null;
}

/** The destinations of one event whose state is read. */
const MAX_DESTINATIONS = 10;

async function explainEvent(callApi: CallApi, event: WholeEvent): Promise<object> {
  if (event.deliveries.length === 0 && event.groups.length === 0) {
    const explained = await callApi<EventExplanation>({ method: "GET", path: `/events/${event.id}/explain` });
    return explained.ok ? explainUnrouted(explained.value) : { why: [explained.error], next_steps: [] };
  }
  const failed = event.deliveries.filter(({ status }) => status !== "delivered");
  const deliveries: (Explanation & { readonly delivery_id: string; readonly destination_id: string })[] = [];
  for (const delivery of failed.slice(0, MAX_DESTINATIONS)) {
    const { id, destination_id } = delivery;
    const explained = explainDelivery(delivery, await destinationOf(callApi, destination_id));
    deliveries.push({ delivery_id: id, destination_id, ...explained });
  }
  const closings = event.groups.filter(({ event_id }) => event_id === null).map(({ closes_at }) => closes_at);
  return {
    why: [
      `${event.deliveries.length} deliveries, of which ${event.deliveries.length - failed.length} are delivered.`,
      ...closings.map((at) => `It waits in a group that closes at ${at}.`),
    ],
    next_steps: [],
    deliveries,
  };
}

async function readEvent(callApi: CallApi, id: string): Promise<Result<WholeEvent, string>> {
  return await callApi<WholeEvent>({ method: "GET", path: `/events/${id}` });
}

const getEvent: Tool = {
  ...READS,
  name: "get_event",
  title: "Get an event with its whole story",
  description:
    "Shows an event: what arrived, what the gateway made of it, its alert, each delivery with its attempts, and why it did not reach someone.",
  input: inputOf({ event_id: idSchema("evt", "an event") }, ["event_id"]),
  async run(given, callApi) {
    const id = idIn(given, "event_id");
    if (!id.ok) return id;
    const event = await readEvent(callApi, id.value);
    if (!event.ok) return event;
    const { deliveries, groups, alert: _alert, ...rest } = event.value;
    const { alert_id } = event.value;
    const alert = alert_id === null ? null : await callApi<Alert>({ method: "GET", path: `/alerts/${alert_id}` });
    return ok({
      notice: NOTICE,
      event: showEvent(rest),
      alert: alert?.ok === true ? showAlert(alert.value) : null,
      deliveries: deliveries.map(showDelivery),
      groups: groups.map(({ group, ...facts }) => ({ ...facts, from_sender: { group: line(group) } })),
      explanation: await explainEvent(callApi, event.value),
    });
  },
};

async function explainOne(given: Arguments, callApi: CallApi): Promise<Result<object, string>> {
  const id = idIn(given, "id");
  if (!id.ok) return id;
  if (id.value.startsWith("evt_")) {
    const event = await readEvent(callApi, id.value);
    if (!event.ok) return event;
    const { deliveries: _deliveries, groups: _groups, alert: _alert, ...rest } = event.value;
    return ok({ notice: NOTICE, event: showEventInList(rest), ...(await explainEvent(callApi, event.value)) });
  }
  const found = await callApi<Delivery>({ method: "GET", path: `/deliveries/${id.value}` });
  if (!found.ok) return fail(found.error);
  const { event: _event, destination: _destination, ...delivery } = found.value;
  const destination = await destinationOf(callApi, delivery.destination_id);
  return ok({ notice: NOTICE, ...explainDelivery(delivery, destination), delivery: showDelivery(delivery) });
}

const explainFailure: Tool = {
  ...READS,
  name: "explain_failure",
  title: "Explain why something was not delivered",
  description:
    "Says why a delivery failed or waits, or why an event reached nobody (which condition of which route failed), and what would help.",
  input: inputOf({ id: idSchema("dlv_… or evt", "a delivery or an event") }, ["id"]),
  run: explainOne,
};

const metrics = ofOperation<Metrics>(
  {
    ...READS,
    name: "metrics",
    title: "Get a measure over time",
    description: "Counts or latencies by minute, hour or day, for all, by integration or by destination.",
  },
  operationInput("metrics.get"),
  (body) => body,
);

const reconciliation = ofOperation<Reconciliation>(
  {
    ...READS,
    name: "reconciliation",
    title: "Compare what was accepted with what became of it",
    description:
      "Counts events × destinations. balanced is false, or missing is above 0, if something that was accepted cannot be found.",
  },
  operationInput("reconciliation.get"),
  (body) => body,
);

const listDestinations = ofOperation<DestinationList>(
  {
    ...READS,
    name: "list_destinations",
    title: "List destinations",
    description: "Lists destinations with their health.",
  },
  operationInput("destinations.list"),
  ({ data, next_cursor }) => ({
    destinations: data.map(({ id, name, type, url, enabled, disabled_reason, paused_at, health }) => {
      return { id, name, type, url, enabled, disabled_reason, paused_at, health };
    }),
    next_cursor,
  }),
);

const listIntegrations = ofOperation<IntegrationList>(
  {
    ...READS,
    name: "list_integrations",
    title: "List integrations",
    description:
      "Lists integrations with the time of their last event. The address of an integration contains its id until it is rotated: treat ids of integrations without credentials as secrets.",
  },
  operationInput("integrations.list"),
  ({ data, next_cursor }) => ({
    integrations: data.map(({ id, name, type, enabled, last_event_at }) => ({
      id,
      name,
      type,
      enabled,
      last_event_at,
    })),
    next_cursor,
  }),
);

const listRoutes = ofOperation<RouteList>(
  {
    ...READS,
    name: "list_routes",
    title: "List routes",
    description: "Lists routes: which events go to which destinations.",
  },
  operationInput("routes.list"),
  ({ data, next_cursor }) => ({ routes: data, next_cursor }),
);

/** Tools that change nothing and show what is stored. */
export const LOOK: readonly Tool[] = [
  searchEvents,
  getEvent,
  listDeliveries,
  listAlerts,
  explainFailure,
  metrics,
  reconciliation,
  listDestinations,
  listIntegrations,
  listRoutes,
];
