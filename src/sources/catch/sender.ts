import { type Json, isJsonObject, isList, memberOf, valueAt } from "../../model/json.ts";
import type { SourceRequest } from "../source.ts";

type Headers = SourceRequest["headers"];

/** Headers with the id of an event, which is the same in each attempt of the sender. */
const HEADERS = [
  "x-github-delivery",
  "x-shopify-webhook-id",
  "linear-delivery",
  "x-atlassian-webhook-identifier",
  "x-zm-trackingid",
  "twitch-eventsub-message-id",
  "i-twilio-idempotency-token",
  "x-amz-sns-message-id",
] as const;

/** The ids of a list are joined. A longer list is known by its start. */
const MAX_IDS = 500;

function textAt(value: Json | undefined, path: string): string | null {
  const text = valueAt(value, path);
  return typeof text === "string" && text.trim() !== "" ? text : null;
}

function isSlacks(headers: Headers, type: Json | undefined): boolean {
  return headers["x-slack-signature"] !== undefined || type === "event_callback";
}

/** CloudEvents are known by id and source: https://github.com/cloudevents/spec/blob/main/cloudevents/spec.md#id */
function cloudEventId(id: string | null, source: string | null): string | null {
  return id === null || source === null ? null : `${source} ${id}`;
}

/** WhatsApp, Messenger and Instagram: https://developers.facebook.com/docs/messenger-platform/webhooks */
function metaId(entry: Json | undefined): string | null {
  const messages = [
    textAt(entry, "messaging.0.message.mid"),
    textAt(entry, "changes.0.value.messages.0.id"),
    textAt(entry, "changes.0.value.statuses.0.id"),
  ];
  const id = messages.find((found) => found !== null) ?? null;
  const status = textAt(entry, "changes.0.value.statuses.0.status");
  return id === null ? null : [id, status].filter((part) => part !== null).join(" ");
}

function idsIn(parts: readonly Json[], idOf: (part: Json) => string | null): string | null {
  const ids = parts.slice(0, MAX_IDS).map(idOf);
  return ids.length === 0 || ids.includes(null) ? null : ids.join(" ");
}

/** Paddle, and Square: https://developer.paddle.com/webhooks/overview, https://developer.squareup.com/docs/webhooks/step3validate */
function eventIdIn(body: Json): string | null {
  const isNamed = textAt(body, "notification_id") !== null || textAt(body, "merchant_id") !== null;
  return isNamed && (textAt(body, "event_type") ?? textAt(body, "type")) !== null ? textAt(body, "event_id") : null;
}

function idInItem(item: Json): string | null {
  if (memberOf(item, "specversion") !== undefined) return cloudEventId(textAt(item, "id"), textAt(item, "source"));
  // SendGrid; Azure Event Grid.
  if (memberOf(item, "sg_event_id") !== undefined) return textAt(item, "sg_event_id");
  return memberOf(item, "eventType") !== undefined && memberOf(item, "topic") !== undefined ? textAt(item, "id") : null;
}

// Other senders have an `id` or an `event_id` too, but it may name the subject of the event.
function idIn(body: Json, headers: Headers): string | null {
  if (isList(body)) return idsIn(body, idInItem);
  if (!isJsonObject(body)) return null;
  if (headers["stripe-signature"] !== undefined || body["object"] === "event") return textAt(body, "id");
  if (isSlacks(headers, body["type"])) return textAt(body, "event_id");
  if (headers["sentry-hook-resource"] !== undefined) return headers["request-id"] ?? null;
  // PagerDuty's V3 webhooks; Mailgun; Google's Pub/Sub.
  if (textAt(body, "event.event_type") !== null) return textAt(body, "event.id");
  if (isJsonObject(body["signature"]) && textAt(body, "signature.token") !== null) return textAt(body, "event-data.id");
  if (textAt(body, "subscription") !== null) {
    return textAt(body, "message.messageId") ?? textAt(body, "message.message_id");
  }
  if (isList(body["entry"]) && textAt(body, "object") !== null) return idsIn(body["entry"], metaId);
  return eventIdIn(body) ?? idInItem(body);
}

/** Bitbucket's attempts have the id of the request: https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/ */
function bitbucketId(headers: Headers): string | null {
  return headers["x-event-key"] === undefined ? null : (headers["x-request-uuid"] ?? null);
}

function idInHeaders(headers: Headers): string | null {
  for (const name of HEADERS) {
    const value = headers[name]?.trim() ?? "";
    if (value !== "") return value;
  }
  return cloudEventId(headers["ce-id"] ?? null, headers["ce-source"] ?? null) ?? bitbucketId(headers);
}

/** Returns the sender's own id of an event, for the senders that catch hooks often get; null for all others. */
export function providerEventIdOf(headers: Headers, body: Json): string | null {
  return idInHeaders(headers) ?? idIn(body, headers);
}

/**
 * Returns the sender's own id of one event of a batch, or null. A sender may send an event again in a batch with other events,
 * as SendGrid, Azure Event Grid and senders of CloudEvents do.
 */
export function itemEventIdOf(headers: Headers, item: Json): string | null {
  return idInHeaders(headers) === null ? idInItem(item) : null;
}
