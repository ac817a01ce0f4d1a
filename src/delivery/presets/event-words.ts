import { Digits } from "../../model/digits.ts";
import { type JsonObject, isJsonObject, isList, memberOf } from "../../model/json.ts";
import { oneLine } from "./text.ts";

// The words for an event of a sender that has no rule set: what happened, to which thing, and its link. They stand at the top
// of the payload, or one or two levels down.

const WHAT_HEADERS = ["x-github-event", "x-gitlab-event", "x-event-key", "x-shopify-topic", "ce-type", "linear-event"];
const WHAT_FIELDS = [
  "type",
  "event",
  "event_type",
  "eventType",
  "event_name",
  "object_kind",
  "webhookEvent",
  "topic",
  "alert_type",
];
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
  "alert",
  "incident",
  "deployment",
  "object_attributes",
  "head_commit",
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
]);
/** The surroundings that name an event without a thing of its own, and link to it, the nearest first. */
const NEAREST = [
  "comment",
  "team",
  "repository",
  "project",
  "organization",
  "account",
  "installation",
  "sender",
  "user",
];
const SURROUNDING_NAMES = ["full_name", "path_with_namespace", "name", "title", "login"];
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

function childrenOf(part: JsonObject): readonly JsonObject[] {
  const known = THINGS.filter((name) => Object.hasOwn(part, name));
  const others = Object.keys(part)
    .slice(0, MAX_PARTS)
    .filter((name) => !known.includes(name) && !SURROUNDINGS.has(name));
  return [...known, ...others].map((name) => part[name]).filter(isJsonObject);
}

/** Returns the parts of a payload that may be the thing, the likeliest first. */
function partsOf(payload: unknown): readonly JsonObject[] {
  if (!isJsonObject(payload)) return [];
  const first = childrenOf(payload);
  return [...first, ...first.flatMap(childrenOf)].slice(0, MAX_PARTS);
}

/** Returns the nearest surroundings of an event, and the account of an app that is installed in it. */
function surroundingsOf(payload: unknown): readonly unknown[] {
  return NEAREST.map((name) => memberOf(payload, name)).flatMap((part) => [part, memberOf(part, "account")]);
}

/** Returns where an event happened; "" if nothing says it. */
function placeOf(payload: unknown): string {
  const lines = surroundingsOf(payload).map((part) => firstOf(part, SURROUNDING_NAMES));
  return lines.find((line) => line !== "") ?? "";
}

/** Returns what happened, such as `issues opened` or `charge.failed`; "" if nothing says it. */
export function whatHappened(payload: unknown, headers: Readonly<Record<string, string>>): string {
  const inHeader = WHAT_HEADERS.map((name) => oneLine(headers[name] ?? "")).find((line) => line !== "") ?? "";
  const inBody = firstOf(payload, WHAT_FIELDS) || firstOf(memberOf(payload, "event"), WHAT_FIELDS);
  const parts = partsOf(payload);
  const step =
    firstOf(payload, STEP_FIELDS) ||
    (parts.map((part) => firstOf(part, STEP_FIELDS)).find((line) => line !== "") ?? "");
  const what = inHeader || inBody;
  return what.toLowerCase().includes(step.toLowerCase()) ? what : `${what} ${step}`.trim();
}

/** Returns the name of the thing that an event is about, or else its id; "" if it has neither. */
export function nameOfThing(payload: unknown): string {
  const parts = partsOf(payload);
  for (const names of [NAME_FIELDS, ID_FIELDS]) {
    const found = parts.map((part) => firstOf(part, names)).find((line) => line !== "") ?? "";
    if (found !== "") {
      const key =
        names === NAME_FIELDS
          ? (parts.map((part) => lineOf(memberOf(part, "key"))).find((line) => line !== "") ?? "")
          : "";
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
