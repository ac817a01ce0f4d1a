import { Digits } from "../../model/digits.ts";
import { type Json, type JsonObject, isJsonObject, isList, memberOf } from "../../model/json.ts";
import { oneLine } from "./text.ts";

// The parts of a sender's payload in which presets look for words and links, and the fields of a part.

/** What an event is about, if a payload has it. */
const THINGS = [
  "issue",
  "pull_request",
  "merge_request",
  "discussion",
  "release",
  "workflow_run",
  "check_run",
  "check_suite",
  "alert",
  "incident",
  "deployment",
  "object_attributes",
  "head_commit",
  "card",
  "event",
  "data",
  "object",
  "payload",
  "resource",
  "attributes",
  "fields",
  "message",
  "messages",
];
/** Where and by whom it happened, and the webhook itself. */
const SURROUNDINGS: ReadonlySet<string> = new Set([
  ..."sender user actor author repository organization installation team account workspace pusher creator owner".split(
    " ",
  ),
  ..."project enterprise links _links urls comment app performed_via_github_app hook webhook".split(" "),
  // Trello's board, which is the model of its webhook, and the list of a card.
  ..."model memberCreator board list".split(" "),
]);
/** The most parts of a payload that are searched, near and far. */
const MAX_PARTS = 60;
const MAX_FAR_PARTS = 60;
/** WhatsApp's text is as deep as this, with the lists. */
const MAX_DEPTH = 6;
/** The names of further fields are not compared. */
const MAX_FIELDS = 200;

/** Returns a text or a number on one line; "" for any other value. */
export function lineOf(value: unknown): string {
  if (typeof value === "string") return oneLine(value);
  return typeof value === "number" || value instanceof Digits ? String(value) : "";
}

/** Returns a name without case and separators, because senders write `event_type`, `eventType`, `EventType` and `event-type`. */
function bare(name: string): string {
  return name.replaceAll(/[-_ ]/g, "").toLowerCase();
}

const indexes = new WeakMap<JsonObject, ReadonlyMap<string, Json>>();

function indexOf(part: JsonObject): ReadonlyMap<string, Json> {
  const known = indexes.get(part);
  if (known !== undefined) return known;
  const index = new Map<string, Json>();
  for (const name of Object.keys(part).slice(0, MAX_FIELDS)) {
    const short = bare(name);
    if (!index.has(short)) index.set(short, part[name] ?? null);
  }
  indexes.set(part, index);
  return index;
}

/** Returns a field of a part by its name in any spelling; undefined if there is none. */
export function fieldIn(part: unknown, name: string): Json | undefined {
  const exact = memberOf(part, name);
  return exact !== undefined || !isJsonObject(part) ? exact : indexOf(part).get(bare(name));
}

/** Returns the line of the first of these fields that has one; "" if none has. */
export function firstOf(part: unknown, names: readonly string[]): string {
  return names.map((name) => lineOf(fieldIn(part, name))).find((line) => line !== "") ?? "";
}

/** Returns the first line that the fields have in one of the parts; "" if none has one. */
export function firstIn(parts: readonly unknown[], names: readonly string[]): string {
  return parts.map((part) => firstOf(part, names)).find((line) => line !== "") ?? "";
}

/** Returns the members of a part that are about the event itself, the likeliest first. */
function membersOf(part: JsonObject): readonly Json[] {
  const known = THINGS.filter((name) => Object.hasOwn(part, name));
  const others = Object.keys(part)
    .slice(0, MAX_PARTS)
    .filter((name) => !known.includes(name) && !SURROUNDINGS.has(name));
  return [...known, ...others].map((name) => part[name] ?? null);
}

function childrenOf(part: JsonObject): readonly JsonObject[] {
  return membersOf(part).filter(isJsonObject);
}

/** Returns the first of each list of a payload, such as `events` or `Records`: senders batch what happened. */
export function firstOfLists(payload: JsonObject): readonly JsonObject[] {
  const lists = Object.values(payload).slice(0, MAX_PARTS).filter(isList);
  return lists.map(([first]) => first).filter((first) => isJsonObject(first));
}

/** Returns the parts of a payload that may be the thing, the likeliest first. */
export function nearPartsOf(payload: unknown): readonly JsonObject[] {
  if (!isJsonObject(payload)) return [];
  const first = childrenOf(payload);
  const second = first.flatMap(childrenOf);
  const listed = firstOfLists(payload);
  // Few senders go further down, and then to the thing alone.
  const third = second.flatMap(childrenOf).slice(0, MAX_PARTS - first.length);
  return [...first, ...second, ...third, ...listed, ...listed.flatMap(childrenOf)].slice(0, MAX_PARTS);
}

/** Returns the parts of a payload level by level, with the first item of each list in them. */
export function farPartsOf(payload: unknown): readonly JsonObject[] {
  const parts: JsonObject[] = [];
  let level = isJsonObject(payload) ? [payload] : [];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0 && parts.length < MAX_FAR_PARTS; depth += 1) {
    const members = level.slice(0, MAX_FAR_PARTS).flatMap(membersOf);
    level = members.map((member) => (isList(member) ? member[0] : member)).filter((member) => isJsonObject(member));
    parts.push(...level.slice(0, MAX_FAR_PARTS));
  }
  return parts.slice(0, MAX_FAR_PARTS);
}

/** The surroundings that name an event without a thing of its own, and link to it, the nearest first. */
const NEAREST = [
  "comment",
  "team",
  "repository",
  "project",
  "model",
  "organization",
  "account",
  "installation",
  "sender",
  "user",
];

/** Returns the nearest surroundings of an event, and the account of an app that is installed in it. */
export function surroundingsOf(payload: unknown): readonly unknown[] {
  return NEAREST.map((name) => memberOf(payload, name)).flatMap((part) => [part, memberOf(part, "account")]);
}
