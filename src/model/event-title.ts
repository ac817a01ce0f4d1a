import type { AlertSnapshot } from "./alert.ts";
import { isNumber } from "./digits.ts";
import { type EventContent, type SystemSignal, payloadOf } from "./event.ts";
import { type Json, memberOf, unwrapped, valueAt } from "./json.ts";
import { summaryOfPayload } from "./payload-summary.ts";
import { SYSTEM_TITLES } from "./system-titles.ts";

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
  const isScalar = typeof value === "string" || isNumber(value);
  return isScalar ? String(value).slice(0, MAX_TITLE).toWellFormed().trim() : "";
}

/** Returns the title of an alert as lists of events show it. */
export function titleOfAlert({ title }: Pick<AlertSnapshot, "title">): string {
  return title.slice(0, MAX_TITLE).toWellFormed();
}

/** Returns what a system event is about, from the data that it delivers; "" for the whole gateway. */
function subjectOf(type: SystemSignal["type"], data: Json): string {
  if (type === "event.group") return lineOf(valueAt(data, "alert.title")) || lineOf(memberOf(data, "group"));
  const name = lineOf(valueAt(data, "destination.name")) || lineOf(valueAt(data, "integration.name"));
  const shard = lineOf(valueAt(data, "shard.number"));
  return name === "" && shard !== "" ? `shard ${shard}` : name;
}

function titleOfSystem({ type }: SystemSignal, data: Json): string {
  const subject = subjectOf(type, data);
  const title = SYSTEM_TITLES[type];
  return subject === "" ? title : `${title}: ${subject}`.slice(0, MAX_TITLE).toWellFormed();
}

/** Returns what an event without an alert is about: the first field of its payload that is a title; null if none is. */
export function titleOfContent(content: EventContent): string | null {
  const { signal } = content;
  if ("fields" in signal) return titleOfAlert(signal.fields);
  const payload = payloadOf(content);
  if (signal.action === "announce") return titleOfSystem(signal, payload);
  const inner = unwrapped(payload);
  const lines = FIELDS.flatMap((name) => [memberOf(inner, name), memberOf(inner, capitalized(name))]).map(lineOf);
  return lines.find((line) => line !== "") ?? null;
}

/** What an event is about, and what a row of a list calls it. Null for an event that does not say so. */
export type Titles = { readonly title: string | null; readonly summary: string | null };

/** The titles of an event whose content is not read, or says nothing. */
export const NO_TITLES: Titles = { title: null, summary: null };

/** Returns the titles of an event with an alert that has this title. */
export function titlesOfAlert(title: string | null): Titles {
  return { title, summary: title?.trim() === "" ? null : title };
}

/** Returns the titles of an event without an alert: a payload without a title is summarized by its beginning. */
export function titlesOfContent(content: EventContent): Titles {
  const title = titleOfContent(content);
  if (title !== null) return titlesOfAlert(title);
  const summary = summaryOfPayload(payloadOf(content));
  return { title, summary: summary === "" ? null : summary };
}
