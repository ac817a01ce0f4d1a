import type { GatewayEventType, MessageType } from "../../model/event.ts";
import { memberOf } from "../../model/json.ts";

/** What a system event does to an incident. */
type Step = "open" | "resolve";

/** How a type of system event is shown. Events with the same `incident` about the same subject are of one incident. */
type Wording = {
  readonly step: Step;
  readonly incident: string;
  /** The title if the subject has no name. */
  readonly title: string;
  readonly description: string;
};

const WORDINGS = {
  "destination.failing": {
    step: "open",
    incident: "failing",
    title: "A destination fails",
    description: "Deliveries to it fail. They are attempted again on its schedule.",
  },
  "destination.recovered": {
    step: "resolve",
    incident: "failing",
    title: "A destination has recovered",
    description: "A delivery to it succeeded again.",
  },
  "destination.disabled": {
    step: "open",
    incident: "disabled",
    title: "A destination was disabled",
    description: "It receives nothing until it is enabled again. Its pending deliveries were cancelled.",
  },
  "delivery.dead": {
    step: "open",
    incident: "dead",
    title: "Deliveries are dead",
    description: "Deliveries to it have used up their attempts. They can be retried by hand or replayed.",
  },
  "integration.silent": {
    step: "open",
    incident: "silent",
    title: "An integration is silent",
    description: "It has received no event for as long as it expects one.",
  },
  "integration.heard": {
    step: "resolve",
    incident: "silent",
    title: "An integration was heard again",
    description: "It has received an event again.",
  },
  "integration.rejecting": {
    step: "open",
    incident: "rejecting",
    title: "An integration refuses requests",
    description: "Requests of its sender are refused.",
  },
  "transformation.failing": {
    step: "open",
    incident: "failing",
    title: "A transformation fails",
    description: "Events cannot be transformed.",
  },
  "dead_letter.recorded": {
    step: "open",
    incident: "dead_letters",
    title: "Messages could not be processed",
    description: "The gateway could not process messages. The dead letters have them.",
  },
  "reconciliation.failed": {
    step: "open",
    incident: "reconciliation",
    title: "Accepted events are not accounted for",
    description: "Not every accepted event has an outcome. GET /api/v1/reconciliation has the counts.",
  },
  "log.damaged": {
    step: "open",
    incident: "log",
    title: "A part of the log cannot be read",
    description:
      "A segment of the log is missing, or does not hold what was written. Log lines segment.damaged name it.",
  },
} as const satisfies Record<GatewayEventType, Wording>;

/** Returns whether a type is that of a system event about the gateway. */
export function isGatewayType(type: MessageType): type is GatewayEventType {
  return Object.hasOwn(WORDINGS, type);
}

/** Returns how a system event is shown. */
export function wordingOf(type: GatewayEventType): Wording {
  return WORDINGS[type];
}

/** Returns short facts of a system event from its payload. */
export function systemFacts(payload: unknown): readonly (readonly [string, unknown])[] {
  return [
    ["Reason", memberOf(payload, "reason") ?? memberOf(payload, "disabled_reason")],
    ["Count", memberOf(payload, "count")],
    ["Since", memberOf(payload, "since")],
  ];
}

/** Returns the key of the incident that a system event belongs to; null if its payload does not name its subject. */
export function incidentOf(type: GatewayEventType, payload: unknown): string | null {
  const subject = memberOf(payload, "id") ?? memberOf(payload, "number");
  if (typeof subject !== "string" && typeof subject !== "number") return null;
  return `hookgate:${WORDINGS[type].incident}:${subject}`;
}
