import { Digits } from "../../model/digits.ts";
import { type JsonObject, isJsonObject, isList, memberOf } from "../../model/json.ts";
import { oneLine } from "./text.ts";

// The words for an event of a sender that has no rule set: what happened, to which thing, and its link. They stand at the top
// of the payload, or one or two levels down.

const WHAT_HEADERS = [
  ..."x-github-event x-gitlab-event x-gitea-event x-event-key x-shopify-topic x-wc-webhook-topic x-contentful-topic".split(
    " ",
  ),
  ..."x-discourse-event sentry-hook-resource twitch-eventsub-subscription-type ce-type linear-event".split(" "),
];
const WHAT_FIELDS = [
  "type",
  "event",
  "event_type",
  "eventType",
  "event_name",
  "eventName",
  "object_kind",
  "webhookEvent",
  "topic",
  "alert_type",
  "subscriptionType",
];
/** What a sender calls all of its events. Another field then says which one it is. */
const GENERIC: ReadonlySet<string> = new Set(["event", "event_callback", "notification", "notification_event"]);
const STEP_FIELDS = ["action", "conclusion", "status", "state"];
const NAME_FIELDS = ["title", "summary", "subject", "display_title", "name", "message", "description", "email"];
const ID_FIELDS = ["key", "identifier", "number", "id"];
const LINK_FIELDS = ["html_url", "web_url", "permalink", "url", "link", "href", "target_url", "web_link"];
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
];
/** Where and by whom it happened. */
const SURROUNDINGS: ReadonlySet<string> = new Set([
  ..."sender user actor author repository organization installation team account workspace pusher creator owner".split(
    " ",
  ),
  ..."project enterprise links _links comment app performed_via_github_app".split(" "),
  // Trello's board, which is the model of its webhook, and the list of a card.
  ..."model memberCreator board list".split(" "),
]);
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
const SURROUNDING_NAMES = ["full_name", "path_with_namespace", "repo_name", "name", "title", "login"];
/** Links that programs call. People get another one if there is any. */
const API = /^https?:\/\/api\.|^https?:\/\/[^/]+\/api\//;
/** The most parts of a payload that are searched. */
const MAX_PARTS = 60;

function lineOf(value: unknown): string {
  if (typeof value === "string") return oneLine(value);
  return typeof value === "number" || value instanceof Digits ? String(value) : "";
}

function firstOf(part: unknown, names: readonly string[]): string {
  return names.map((name) => lineOf(memberOf(part, name))).find((line) => line !== "") ?? "";
}

/** Returns the first line that the fields have in one of the parts; "" if none has one. */
function firstIn(parts: readonly unknown[], names: readonly string[]): string {
  return parts.map((part) => firstOf(part, names)).find((line) => line !== "") ?? "";
}

function childrenOf(part: JsonObject): readonly JsonObject[] {
  const known = THINGS.filter((name) => Object.hasOwn(part, name));
  const others = Object.keys(part)
    .slice(0, MAX_PARTS)
    .filter((name) => !known.includes(name) && !SURROUNDINGS.has(name));
  return [...known, ...others].map((name) => part[name]).filter(isJsonObject);
}

/** Returns the first of each list of a payload, such as `events` or `Records`: senders batch what happened. */
function firstOfLists(payload: JsonObject): readonly JsonObject[] {
  const lists = Object.values(payload).slice(0, MAX_PARTS).filter(isList);
  return lists.map(([first]) => first).filter((first) => isJsonObject(first));
}

/** Returns the parts of a payload that may be the thing, the likeliest first. */
function partsOf(payload: unknown): readonly JsonObject[] {
  if (!isJsonObject(payload)) return [];
  const first = childrenOf(payload);
  const second = first.flatMap(childrenOf);
  const listed = firstOfLists(payload);
  // Few senders go further down, and then to the thing alone.
  const third = second.flatMap(childrenOf).slice(0, MAX_PARTS - first.length);
  return [...first, ...second, ...third, ...listed, ...listed.flatMap(childrenOf)].slice(0, MAX_PARTS);
}

/** Returns the nearest surroundings of an event, and the account of an app that is installed in it. */
function surroundingsOf(payload: unknown): readonly unknown[] {
  return NEAREST.map((name) => memberOf(payload, name)).flatMap((part) => [part, memberOf(part, "account")]);
}

/** Returns where an event happened; "" if nothing says it. */
function placeOf(payload: unknown): string {
  return firstIn(surroundingsOf(payload), SURROUNDING_NAMES);
}

/** Returns the kind of the event: as the sender names it, else in general. */
function kindIn(payload: unknown): string {
  const places = [payload, memberOf(payload, "event"), memberOf(payload, "action")];
  const listed = isJsonObject(payload) ? firstOfLists(payload) : [];
  const kinds = [...places, ...listed]
    .flatMap((place) => WHAT_FIELDS.map((name) => lineOf(memberOf(place, name))))
    .filter((line) => line !== "");
  return kinds.find((kind) => !GENERIC.has(kind)) ?? kinds[0] ?? "";
}

/** Returns the kind of the event that a header names; "" if none does. */
export function kindInHeaders(headers: Readonly<Record<string, string>>): string {
  return WHAT_HEADERS.map((name) => oneLine(headers[name] ?? "")).find((line) => line !== "") ?? "";
}

/** Returns what happened, such as `issues opened` or `charge.failed`; "" if nothing says it. */
export function whatHappened(payload: unknown, headers: Readonly<Record<string, string>>): string {
  const parts = partsOf(payload);
  const step = firstOf(payload, STEP_FIELDS) || firstIn(parts, STEP_FIELDS);
  // What is completed has succeeded or failed.
  const end = step === "completed" ? firstIn(parts, ["conclusion"]) : "";
  return [kindInHeaders(headers) || kindIn(payload), step, end].reduce((said, next) =>
    said.toLowerCase().includes(next.toLowerCase()) ? said : `${said} ${next}`.trim(),
  );
}

/** Returns the name of the thing that an event is about, or else its id; "" if it has neither. */
export function nameOfThing(payload: unknown): string {
  const parts = partsOf(payload);
  for (const names of [NAME_FIELDS, ID_FIELDS]) {
    const found = firstIn(parts, names);
    if (found !== "") {
      const key = names === NAME_FIELDS ? firstIn(parts, ["key"]) : "";
      // A number alone says nothing to people.
      if (/^\d+$/.test(found)) return `${placeOf(payload)} ${found}`.trim();
      return key === "" || found.includes(key) ? found : `${key} ${found}`;
    }
  }
  return placeOf(payload);
}

/** Returns the texts that may be the link of the thing, or else of where it happened, the likeliest first. */
export function linksOfThing(payload: unknown): readonly string[] {
  const parts = partsOf(payload);
  // Advisories have a list of pages about them.
  const references = parts.map((part) => (isList(part["references"]) ? part["references"][0] : null));
  const links = [...parts, ...references, ...surroundingsOf(payload)].flatMap((part) =>
    LINK_FIELDS.map((name) => memberOf(part, name)).filter((value) => typeof value === "string"),
  );
  return [...links.filter((link) => !API.test(link)), ...links.filter((link) => API.test(link))];
}
