import type { AlertSnapshot } from "../model/alert.ts";
import { type EventContent, type MessageType, payloadOf } from "../model/event.ts";

/** What the body of a delivery is made of; the same on every attempt. */
export type Deliverable = {
  readonly id: string;
  readonly integration_id: string;
  readonly received_at: string;
  readonly type: MessageType;
  readonly alert: AlertSnapshot | null;
  readonly content: EventContent;
};

/**
 * The body of a delivery: `{type, timestamp, data: {event, alert?}}` as JSON; what the gateway itself announces is the whole
 * of `data`.
 * A payload that is just the request's own JSON goes in as it was written, so that numbers keep all their digits.
 */
export function envelopeOf(event: Deliverable): string {
  const { id, integration_id, received_at, type, alert, content } = event;
  const payload = content.payload === undefined ? content.request.body : JSON.stringify(payloadOf(content));
  const facts = JSON.stringify({ id, integration_id, received_at, kind: content.kind }).slice(0, -1);
  const about = alert === null ? "" : `,"alert":${JSON.stringify(alert)}`;
  const head = JSON.stringify({ type, timestamp: received_at }).slice(0, -1);
  if (content.signal.action === "announce") return `${head},"data":${payload}}`;
  return `${head},"data":{"event":${facts},"payload":${payload}}${about}}}`;
}
