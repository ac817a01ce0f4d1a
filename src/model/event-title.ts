import type { AlertSnapshot } from "./alert.ts";
import { type EventContent, payloadOf } from "./event.ts";
import { memberOf } from "./json.ts";

// The title of an event: its alert's, or what its payload is probably about. Lists show it beside ids.

/** A longer title is cut off. */
export const MAX_TITLE = 1_000;

/** A longer content is not read for a title, because a page of a list has many. In bytes of `events.content`. */
export const MAX_TITLED_CONTENT_BYTES = 16_000;

const FIELDS = ["title", "subject", "summary", "name", "message", "text", "event", "event_type", "action"];

function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function lineOf(value: unknown): string {
  const isScalar = typeof value === "string" || typeof value === "number";
  return isScalar ? String(value).slice(0, MAX_TITLE).toWellFormed().trim() : "";
}

/** Returns the title of an alert as lists of events show it. */
export function titleOfAlert({ title }: Pick<AlertSnapshot, "title">): string {
  return title.slice(0, MAX_TITLE).toWellFormed();
}

/** Returns what an event without an alert is about: the first field of its payload that is a title; null if none is. */
export function titleOfContent(content: EventContent): string | null {
  const { signal } = content;
  if ("fields" in signal) return titleOfAlert(signal.fields);
  const payload = payloadOf(content);
  const lines = FIELDS.flatMap((name) => [memberOf(payload, name), memberOf(payload, capitalized(name))]).map(lineOf);
  return lines.find((line) => line !== "") ?? null;
}
