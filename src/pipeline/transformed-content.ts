import type { Context } from "../context.ts";
import {
  type EventContent,
  type EventMessage,
  isTransformationFault,
  senderHeaders,
  transformedKeys,
} from "../model/event.ts";
import { itemIdOf } from "../model/ids.ts";
import { type Json, type JsonObject, isList, memberOf } from "../model/json.ts";
import type { TransformationHead } from "../model/transformation.ts";
import { MAX_UTF8_BYTES_PER_CHARACTER } from "../platform/limits.ts";
import { faultOfTransformation, nameOfTransformation } from "../transformations/call.ts";
import type { TransformationFault, TransformationRun } from "../transformations/runner.ts";
import type { Accepted } from "./batch.ts";

/** The most events that a transformation makes of one. */
const MAX_ITEMS = 100;

/** Returns what the code gets on an integration. */
export function inputOfMessage(
  { id, integration_id, received_at, content }: Pick<EventMessage, "id" | "integration_id" | "received_at" | "content">,
  payload: Json,
): JsonObject {
  return { id, integration_id, kind: content.kind, received_at, headers: senderHeaders(content), payload };
}

/** What becomes of an event: other payloads, one for each event that it becomes, or a sentence that says why it is stopped. */
type Result = { readonly payloads: readonly Json[] } | { readonly stopped: "fault" | "drop"; readonly note: string };

function fault(head: TransformationHead, found: Pick<TransformationFault, "message" | "line">): Result {
  return { stopped: "fault", note: `The event was not routed: ${faultOfTransformation(head, found)}` };
}

/** Returns the items of what the code returned on an integration. Each is to become an event. */
export function itemsOf(value: Json): readonly Json[] {
  return (isList(value) ? value : [value]).filter((item) => item !== null);
}

/** Returns why items cannot become events, or null if they can. */
export function wrongItems(items: readonly Json[]): string | null {
  if (items.length > MAX_ITEMS) return `It returned ${items.length} events, and ${MAX_ITEMS} are the most.`;
  const isWhole = items.every((item) => memberOf(item, "payload") !== undefined);
  return isWhole ? null : "It must return the event with its payload, a list of them, or null.";
}

function resultOf(head: TransformationHead, run: TransformationRun): Result {
  if (!run.ok) return fault(head, run.fault);
  const items = itemsOf(run.value);
  if (items.length === 0) return { stopped: "drop", note: `The event was dropped by ${nameOfTransformation(head)}.` };
  const wrong = wrongItems(items);
  if (wrong !== null) return fault(head, { message: wrong, line: null });
  return { payloads: items.map((item) => memberOf(item, "payload")).filter((payload) => payload !== undefined) };
}

/**
 * Returns the key of an item. No key of a sender begins like it: `#1` at the end would be that of the second event of the same request, or
 * of an event whose own id ends so.
 */
function withKey(key: string | null | undefined, index: number): string | undefined {
  return key === null || key === undefined ? undefined : index === 0 ? key : `item ${index} of ${key}`;
}

/** Returns an item's message. The first item is the event itself; the others are recognized as repeats by keys of their own. */
function itemOf(message: EventMessage, index: number, content: EventContent): EventMessage {
  const { from, signed_key: _, ...rest } = message;
  const repeat_key = withKey(message.repeat_key, index) ?? null;
  const signed_key = withKey(message.signed_key, index);
  return {
    ...rest,
    id: itemIdOf(message.id, index),
    repeat_key,
    ...(signed_key === undefined ? {} : { signed_key }),
    // The request was accepted once.
    ...(index === 0 && from !== undefined ? { from } : {}),
    content,
  };
}

function contentsOf(content: EventContent, payload: Json, result: Result): readonly EventContent[] {
  if ("stopped" in result) {
    const { stopped: by, note } = result;
    return [{ ...content, signal: { action: "ignore", note, stopped: { by, signal: content.signal } } }];
  }
  const before = JSON.stringify(payload);
  return result.payloads.map((after) => (JSON.stringify(after) === before ? content : { ...content, payload: after }));
}

function keyOf({ id, content }: EventMessage): string {
  const { failed, changed, dropped } = transformedKeys(id);
  if (isTransformationFault(content)) return failed;
  return content.signal.action === "ignore" ? dropped : changed;
}

/** Returns where the content of a changed message is stored: in its row, or in R2 if it is too large. Throws if R2 cannot be written. */
async function place(
  { bodies, settings }: Context,
  message: EventMessage,
  { is_again }: Accepted,
): Promise<string | null> {
  // An event whose transformation fails again stays as it is.
  if (is_again === true && isTransformationFault(message.content)) return null;
  const text = JSON.stringify(message);
  const max = settings.event_row_bytes;
  const isShort = text.length * MAX_UTF8_BYTES_PER_CHARACTER <= max;
  if (isShort || new TextEncoder().encode(text).byteLength <= max) return null;
  const key = keyOf(message);
  await bodies.put(key, text, { httpMetadata: { contentType: "application/json" } });
  return key;
}

/** Returns the messages of the events that an event becomes by a run of a transformation over its payload. */
export function messagesAfter(
  message: EventMessage,
  payload: Json,
  head: TransformationHead,
  run: TransformationRun,
): readonly EventMessage[] {
  const contents = contentsOf(message.content, payload, resultOf(head, run));
  return contents.map((content, index) => itemOf(message, index, content));
}

/**
 * Returns the events that an event becomes by a run of a transformation over its payload. The first has the event's own id. Throws
 * if R2 cannot be written.
 */
export async function eventsAfter(
  context: Context,
  origin: Accepted,
  payload: Json,
  head: TransformationHead,
  run: TransformationRun,
): Promise<readonly Accepted[]> {
  const { message, stored_at } = origin;
  const events: Accepted[] = [];
  for (const [index, item] of messagesAfter(message, payload, head, run).entries()) {
    const isAsBefore = index === 0 && item.content === message.content;
    const at = isAsBefore ? stored_at : await place(context, item, origin);
    events.push({ message: item, stored_at: at, origin });
  }
  return events;
}
