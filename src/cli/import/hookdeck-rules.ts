import type { Json, JsonObject } from "../../client/index.ts";
import { parseJson } from "../../model/portable-json.ts";
import { isList, isObject } from "../rows.ts";
import type { Fields } from "./fields.ts";
import { Unsayable, translateFilter } from "./hookdeck-filter.ts";
import type { Notes } from "./notes.ts";

// The rules of a connection. Filters become the match of its route. Retries become the schedule of its destination.

const MAX_STEP = 86_400;
const MAX_STEPS = 50;
const DEFAULT_INTERVAL_MS = 3_600_000;
const DEFAULT_COUNT = 5;
/** The fields of rules that are read elsewhere, or that the note of the rule is about. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  retry: ["strategy", "interval", "count", "response_status_codes"],
  transform: ["transformation_id", "transformation"],
  delay: ["delay"],
  deduplicate: ["window", "include_fields", "exclude_fields"],
};
/** Where a route finds what a filter is about. The query's fields are in the payload of a catch hook. */
const PATHS = { body: "data.event.payload", query: "data.event.payload", headers: "data.event.headers" } as const;

export type RouteRules = { readonly match: JsonObject | null; readonly isOff: boolean };

function lowerCase(filter: Json): Json {
  if (isList(filter)) return filter.map(lowerCase);
  if (!isObject(filter)) return filter;
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => {
      if (name.startsWith("$")) return [name, ["$or", "$and", "$not"].includes(name) ? lowerCase(value) : value];
      return [name.toLowerCase(), value];
    }),
  );
}

/** A filter as it is given: an object, or in earlier versions JSON in a text. */
function opened(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return parseJson<Json>(value);
  } catch {
    return value;
  }
}

/** The match of a filter rule; undefined if it cannot be said. */
function filterOf(rule: Fields, notes: Notes, subject: string): JsonObject | null | undefined {
  const path = rule.get("path");
  if (path !== undefined) {
    const why =
      "Hookgate has no path behind the URL of an integration. The route is disabled until you write its match.";
    notes.left(subject, "filter of the path", why);
    return undefined;
  }
  const parts = (["body", "query", "headers"] as const).flatMap((name) => {
    const filter = rule.get(name);
    if (filter === undefined) return [];
    return [{ filter: name === "headers" ? lowerCase(opened(filter)) : opened(filter), path: PATHS[name] }];
  });
  try {
    const { match, apart } = translateFilter(parts);
    if (apart.length > 0) {
      const why = `in a list, its fields may be those of different items, for ${apart.join(", ")}.`;
      notes.changed(subject, "filter", why);
    }
    return match;
  } catch (error) {
    if (!(error instanceof Unsayable)) throw error;
    notes.left(subject, "filter", `${error.message}. The route is disabled until you write its match.`);
    return undefined;
  }
}

/** What the rules of a connection are for its route. */
export function rulesOf(connection: Fields, notes: Notes, subject: string): RouteRules {
  const matches: JsonObject[] = [];
  let isOff = false;
  for (const rule of connection.objects("rules")) {
    const type = rule.required("type");
    if (type === "filter") {
      const match = filterOf(rule, notes, subject);
      isOff ||= match === undefined;
      if (match !== undefined && match !== null) matches.push(match);
    } else if (type === "transform") {
      notes.left(
        subject,
        "transform",
        "Hookgate does not run it. The route is disabled until its receiver takes the body.",
      );
      isOff = true;
    } else if (type === "delay") {
      notes.left(subject, "delay", "Hookgate delivers at once.");
    } else if (type === "deduplicate") {
      const why = "Hookgate knows repeats by the sender's own event id, not by the fields of a time window.";
      notes.left(subject, "deduplicate", why);
    } else if (type !== "retry") {
      notes.left(subject, type.slice(0, 50), "it is not a rule that Hookdeck documents.");
    }
    for (const name of KNOWN[type] ?? []) rule.get(name);
    rule.rest(notes, subject, () => `Hookgate has no such field of a rule ${type.slice(0, 50)}.`);
  }
  const [only] = matches;
  return { match: matches.length > 1 ? { $and: matches } : (only ?? null), isOff };
}

function scheduleOf(rule: Fields, notes: Notes, subject: string): readonly number[] {
  const interval = (rule.number("interval") ?? DEFAULT_INTERVAL_MS) / 1_000;
  const count = Math.floor(rule.number("count") ?? DEFAULT_COUNT);
  const isDoubling = rule.text("strategy") === "exponential";
  const steps = Array.from({ length: Math.min(count, MAX_STEPS) }, (_, index) => {
    const seconds = Math.ceil(isDoubling ? interval * 2 ** index : interval);
    return Math.min(MAX_STEP, Math.max(1, seconds));
  });
  if (count > MAX_STEPS) notes.changed(subject, "retry count", `a schedule has at most ${MAX_STEPS} retries.`);
  if (steps.some((step) => step === MAX_STEP)) notes.changed(subject, "retry interval", "a step is at most a day.");
  if (rule.get("response_status_codes") !== undefined) {
    notes.left(subject, "response_status_codes", "Hookgate retries every response but 2xx and 410.");
  }
  return steps;
}

/** The retries of a destination; null for the gateway's own schedule. At Hookdeck, each connection has its own. */
export function retrySchedule(connections: readonly Fields[], notes: Notes, subject: string): readonly number[] | null {
  const rules = connections.flatMap((connection) =>
    connection.objects("rules").filter((rule) => rule.required("type") === "retry"),
  );
  const schedules = rules.map((rule) => scheduleOf(rule, notes, subject));
  const [first] = schedules;
  if (connections.length > 0 && schedules.length < connections.length) {
    const why =
      first === undefined
        ? "the gateway's own schedule applies."
        : "a retry rule of another connection applies to all.";
    notes.changed(subject, "connections without a retry rule", why);
  }
  if (schedules.some((schedule) => JSON.stringify(schedule) !== JSON.stringify(first))) {
    notes.changed(subject, "retry", "its connections retry differently. The first one's schedule applies to all.");
  }
  if (first !== undefined && first.length === 0) notes.left(subject, "retry count", "0 retries cannot be said.");
  return first === undefined || first.length === 0 ? null : first;
}
