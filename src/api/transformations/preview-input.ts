import type { Context } from "../../context.ts";
import { exactDocumentOf } from "../../model/envelope.ts";
import { interpret } from "../../ingest/interpret.ts";
import { type EventContent, payloadOf } from "../../model/event.ts";
import { type Json, isJsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { inputOfMessage } from "../../pipeline/transformed-content.ts";
import { decodeText } from "../../sources/reading/charset.ts";
import { findIntegration } from "../../storage/config/integrations.ts";
import { type EventWithContent, findEventWithContent } from "../../storage/events/log.ts";
import { findIn } from "../across-shards.ts";

export const PREVIEW_KINDS = ["integration", "destination"] as const;
/** What a transformation stands at: an integration, where it gets the event, or a destination, where it gets the envelope. */
export type PreviewKind = (typeof PREVIEW_KINDS)[number];

/** What the code gets in a preview. */
export type PreviewInput = {
  readonly event_id: string | null;
  readonly value: Json;
  readonly now: string;
  readonly seed: string;
};

type Errors = readonly FieldError[];

// The event of a body that nobody sent. It is the same each time, so that the code's random numbers are.
const SAMPLE_EVENT = "evt_0000000000000000000000000000";
const SAMPLE_INTEGRATION = "int_0000000000000000000000000000";

const encoder = new TextEncoder();

/**
 * Returns the payload as the source read it. A recorded event has the one that its transformation returned, but also the request:
 * its integration reads that again. Of a request that becomes several events, each has the payload that is recorded.
 */
async function payloadBefore(context: Context, integrationId: string, content: EventContent): Promise<Json> {
  const recorded = payloadOf(content);
  const integration = await findIntegration(context.primary, integrationId);
  if (integration === null) return recorded;
  const { method, query, headers, body: text, body_encoding } = content.request;
  const body = body_encoding === "base64" ? Uint8Array.fromBase64(text) : encoder.encode(text);
  const request = { method, query, headers, body, ...decodeText(body, headers["content-type"] ?? "") };
  const sender = { headers: new Headers(headers), identity: null };
  const interpreted = await interpret(integration, request, sender, context.mint);
  const messages = interpreted.ok ? interpreted.value.messages : [];
  const [only, ...others] = messages;
  return only === undefined || others.length > 0 ? recorded : payloadOf(only.content);
}

async function ofEvent(context: Context, event: EventWithContent, kind: PreviewKind): Promise<Result<Json, Errors>> {
  const { id, integration_id, received_at, type, content } = event;
  if (content === null) return fail([{ path: "event_id", message: "is the id of an event whose content is gone" }]);
  switch (kind) {
    case "integration": {
      const payload = await payloadBefore(context, integration_id, content);
      return ok(inputOfMessage({ id, integration_id, received_at, content }, payload));
    }
    case "destination": {
      if (type === null) {
        return fail([{ path: "event_id", message: "is the id of an event without a deliverable outcome" }]);
      }
      const document = exactDocumentOf({ ...event, type, content });
      return document.ok ? ok({ ...document.value }) : fail([{ path: "event_id", message: document.error }]);
    }
  }
}

/** Returns what the code gets for a stored event. */
export async function inputOfEvent(
  context: Context,
  id: string,
  kind: PreviewKind,
): Promise<Result<PreviewInput, Errors>> {
  const located = await findIn(context, (at) => findEventWithContent(at, id));
  if (located === null) return fail([{ path: "event_id", message: "is not the id of an event" }]);
  const value = await ofEvent(context, located.found, kind);
  if (!value.ok) return value;
  return ok({ event_id: id, value: value.value, now: located.found.received_at, seed: id });
}

/** Returns what the code gets for a body: a payload, or at a destination an envelope, if the body looks like one. */
export function inputOfBody(body: Json, kind: PreviewKind, now: string): PreviewInput {
  const facts = { id: SAMPLE_EVENT, integration_id: SAMPLE_INTEGRATION, received_at: now, kind: "event" };
  const event = { ...facts, headers: {}, payload: body };
  const isEnvelope = isJsonObject(body) && typeof body["type"] === "string" && isJsonObject(body["data"]);
  const envelope = isEnvelope ? body : { type: "event.received", timestamp: now, data: { event } };
  const value = kind === "integration" ? event : envelope;
  return { event_id: null, value, now, seed: SAMPLE_EVENT };
}
