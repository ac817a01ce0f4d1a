import type { Alert, DeliveryOfEvent, Destination, Replay, ReplayEstimate } from "../../client/index.ts";
import { type OperationInput, operationInput } from "../operation-input.ts";
import { NOTICE } from "../strangers.ts";
import type { Tool } from "../tool.ts";
import { ofOperation } from "./of-operation.ts";
import { showAlertInList, showDelivery } from "./show.ts";

const SENDS = { scope: "write", effect: "sends" } as const;
const CHANGES = { scope: "write", effect: "changes" } as const;

function onAlert(operationId: string): OperationInput {
  return operationInput(operationId, { id: { name: "alert_id", prefix: "alr", what: "an alert" } });
}

function onDestination(operationId: string): OperationInput {
  return operationInput(operationId, { id: { name: "destination_id", prefix: "dst", what: "a destination" } });
}

function showState({ id, name, enabled, paused_at, health }: Destination): object {
  return { id, name, enabled, paused_at, health };
}

function showChanged(alert: Alert): object {
  return { notice: NOTICE, alert: showAlertInList(alert) };
}

/** Tools that act. */
export const ACT: readonly Tool[] = [
  ofOperation<DeliveryOfEvent>(
    {
      ...SENDS,
      name: "retry_delivery",
      title: "Retry a delivery now",
      description: "Tries a delivery again at once. If it succeeded already, a new delivery repeats it.",
    },
    operationInput("deliveries.retry", { id: { name: "delivery_id", prefix: "dlv", what: "a delivery" } }),
    (delivery) => ({ notice: NOTICE, delivery: showDelivery(delivery) }),
  ),
  ofOperation<Replay | ReplayEstimate>(
    {
      ...SENDS,
      name: "replay",
      title: "Replay deliveries in bulk",
      description:
        "Repeats the deliveries that a filter selects, or the named ones. It only counts unless dry_run is false: count first, and ask before you send.",
    },
    operationInput("replays.create"),
    (body) => body,
  ),
  ofOperation<Alert>(
    {
      ...CHANGES,
      name: "acknowledge_alert",
      title: "Acknowledge an alert",
      description: "Acknowledges an open alert. Routes deliver that as alert.acknowledged.",
    },
    onAlert("alerts.acknowledge"),
    showChanged,
  ),
  ofOperation<Alert>(
    {
      ...CHANGES,
      name: "resolve_alert",
      title: "Resolve an alert",
      description: "Resolves an alert that is not resolved. Routes deliver that as alert.resolved.",
    },
    onAlert("alerts.resolve"),
    showChanged,
  ),
  ofOperation<Destination>(
    {
      ...CHANGES,
      name: "pause_destination",
      title: "Pause a destination",
      description: "Lets the deliveries of a destination wait until it is resumed. None is lost.",
    },
    onDestination("destinations.pause"),
    showState,
  ),
  ofOperation<Destination>(
    {
      ...SENDS,
      name: "resume_destination",
      title: "Resume a destination",
      description: "Resumes a paused destination. What waits is delivered.",
    },
    onDestination("destinations.resume"),
    showState,
  ),
];
