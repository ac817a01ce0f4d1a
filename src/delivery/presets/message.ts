import type { AlertSnapshot, Urgency } from "../../model/alert.ts";
import type { MessageType } from "../../model/event.ts";
import { type Deliverable, exactDocumentOf } from "../../model/envelope.ts";
import { type JsonObject, memberOf } from "../../model/json.ts";
import { type Result, ok } from "../../model/result.ts";
import { alertOf, dedupKeyOf } from "./message-alert.ts";
import { type Fact, type WebLink, descriptionOf, factsOf, linkOf, titleOf } from "./message-words.ts";

/** What a message does to an incident in a tool that keeps such. */
export type Step = "open" | "acknowledge" | "resolve";

/** An event as presets tell of it. Texts are clean of what cannot be printed, but not yet of any tool's markup. */
export type Story = {
  readonly type: MessageType;
  readonly event_id: string;
  /** The integration, or the gateway itself. */
  readonly source: string;
  readonly timestamp: string;
  readonly step: Step;
  /** One short word or two on what happened. */
  readonly headline: string;
  /** One line, never blank. */
  readonly title: string;
  readonly description: string;
  readonly urgency: Urgency | null;
  readonly facts: readonly Fact[];
  readonly link: WebLink | null;
  /** The same for all messages of one incident, and at most 255 characters. */
  readonly dedup_key: string;
  readonly alert: AlertSnapshot | null;
  /** The envelope, numbers with all of their digits. */
  readonly envelope: JsonObject;
  /** The event's payload; undefined for a group. */
  readonly payload: unknown;
};

/** Where messages come from that are about no integration. */
const GATEWAY = "hookgate";

const HEADLINES = {
  "alert.created": "Alert",
  "alert.repeated": "Alert repeated",
  "alert.updated": "Alert updated",
  "alert.acknowledged": "Acknowledged",
  "alert.resolved": "Resolved",
  "event.received": "Event",
  "event.group": "Events",
  "destination.disabled": "Destination disabled",
  test: "Test",
} as const satisfies Record<MessageType, string>;

function stepOf(type: MessageType, alert: AlertSnapshot | null): Step {
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
    case "destination.disabled":
    case "test":
      return "open";
  }
}

/** What there is to tell of an event; the error says why that cannot be read. */
export async function storyOf(event: Deliverable): Promise<Result<Story, string>> {
  const read = exactDocumentOf(event);
  if (!read.ok) return read;
  const envelope = read.value;
  const { type, id, integration_id, received_at } = event;
  const data = memberOf(envelope, "data");
  const alert = event.alert ?? alertOf(memberOf(data, "alert"));
  const payload = memberOf(memberOf(data, "event"), "payload");
  const matter = { type, kind: event.content.kind, alert, data, payload };
  return ok({
    type,
    event_id: id,
    source: integration_id === "" ? GATEWAY : integration_id,
    timestamp: received_at,
    step: stepOf(type, alert),
    headline: HEADLINES[type],
    title: titleOf(matter),
    description: descriptionOf(matter),
    urgency: alert?.urgency ?? null,
    facts: factsOf(matter),
    link: linkOf(matter),
    dedup_key: await dedupKeyOf(event, alert, data),
    alert,
    envelope,
    payload,
  });
}
