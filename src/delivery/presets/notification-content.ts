import type { AlertSnapshot, Urgency } from "../../model/alert.ts";
import { type GatewayEventType, type MessageType, senderHeaders } from "../../model/event.ts";
import { type Deliverable, exactDocumentOf, withoutHeaders } from "../../model/envelope.ts";
import { type JsonObject, memberOf } from "../../model/json.ts";
import { type Result, ok } from "../../model/result.ts";
import { SYSTEM_TITLES } from "../../model/system-titles.ts";
import { alertOf, dedupKeyOf } from "./notification-alert.ts";
import { isGatewayType, wordingOf } from "./notification-system.ts";
import { type Fact, type WebLink, descriptionOf, factsOf, linkOf, titleOf } from "./notification-text.ts";

/** What a notification does to an incident, in products that have incidents. */
export type IncidentStep = "open" | "acknowledge" | "resolve";

/** What a preset can show of an event. Texts contain only printable characters, but markup is not escaped yet. */
export type NotificationContent = {
  readonly type: MessageType;
  readonly event_id: string;
  /** The id of the integration, or `hookgate` for events of the gateway itself. */
  readonly source: string;
  readonly timestamp: string;
  readonly step: IncidentStep;
  /** What happened, in one or two words. */
  readonly headline: string;
  /** One line, never blank. */
  readonly title: string;
  readonly description: string;
  readonly urgency: Urgency | null;
  readonly facts: readonly Fact[];
  readonly link: WebLink | null;
  /** The same for all notifications of one incident; at most 255 characters. */
  readonly dedup_key: string;
  readonly alert: AlertSnapshot | null;
  /** The envelope. Numbers keep all of their digits. */
  readonly envelope: JsonObject;
  /** The payload of the event; undefined for a group. */
  readonly payload: unknown;
};

/** The source of events that belong to no integration. */
const GATEWAY = "hookgate";

const HEADLINES = {
  "alert.created": "Alert",
  "alert.repeated": "Alert repeated",
  "alert.updated": "Alert updated",
  "alert.acknowledged": "Acknowledged",
  "alert.resolved": "Resolved",
  "event.received": "Event",
  "event.group": "Events",
  test: "Test",
} as const satisfies Record<Exclude<MessageType, GatewayEventType>, string>;

function headlineOf(type: MessageType): string {
  if (isGatewayType(type)) return SYSTEM_TITLES[type];
  return HEADLINES[type];
}

function stepOf(type: MessageType, alert: AlertSnapshot | null): IncidentStep {
  if (isGatewayType(type)) return wordingOf(type).step;
  switch (type) {
    case "alert.acknowledged":
      return "acknowledge";
    case "alert.resolved":
      return "resolve";
    case "event.group":
      if (alert?.status === "resolved") return "resolve";
      return alert?.status === "acknowledged" ? "acknowledge" : "open";
    case "alert.created":
    case "alert.repeated":
    case "alert.updated":
    case "event.received":
    case "test":
      return "open";
  }
}

/** Returns what presets can show of an event. The error says why the event cannot be read. */
export async function notificationContentOf(event: Deliverable): Promise<Result<NotificationContent, string>> {
  const read = exactDocumentOf(event);
  if (!read.ok) return read;
  const envelope = withoutHeaders(read.value);
  const { type, id, integration_id, received_at } = event;
  const data = memberOf(envelope, "data");
  const own = event.document === undefined ? event.alert : null;
  const alert = own ?? alertOf(memberOf(data, "alert"));
  const payload = memberOf(memberOf(data, "event"), "payload");
  const headers = senderHeaders(event.content);
  const source = { type, kind: event.content.kind, alert, data, payload, headers };
  return ok({
    type,
    event_id: id,
    source: integration_id === "" ? GATEWAY : integration_id,
    timestamp: received_at,
    step: stepOf(type, alert),
    headline: event.content.test === true ? HEADLINES.test : headlineOf(type),
    title: titleOf(source),
    description: descriptionOf(source),
    urgency: alert?.urgency ?? null,
    facts: factsOf(source),
    link: linkOf(source),
    dedup_key: await dedupKeyOf(event, alert, data, payload),
    alert,
    envelope,
    payload,
  });
}
