import type { Event, Route, RouteCreation } from "../../client/index.ts";
import type { JsonObject } from "../../model/json.ts";
import { EMPTY_GROUP, type Group, readMatch, writeMatch } from "./filter/match-tree.ts";
import { readJson } from "./filter/json-lines.ts";
import { isJsonObject } from "../../model/json.ts";
import { writeJson } from "../../model/portable-json.ts";

export type EventTypeName = NonNullable<Route["event_types"]>[number];

/** The filter of a form: as the builder holds it, or as the text of the JSON view while that is open. */
export type Filter =
  /** `match` is what the tree says; while nobody has changed the tree, in the words of whoever wrote it. */
  | { readonly view: "builder"; readonly tree: Group; readonly match: JsonObject | null }
  | { readonly view: "json"; readonly text: string };

/** A route as its form holds it. */
export type Draft = {
  readonly name: string;
  readonly enabled: boolean;
  /** Null for all. */
  readonly integrationIds: readonly string[] | null;
  readonly eventTypes: readonly EventTypeName[] | null;
  readonly destinationIds: readonly string[];
  readonly filter: Filter;
  readonly windowSeconds: string;
  readonly groupBy: string;
  readonly groupAttributes: string;
};

export const EMPTY_DRAFT: Draft = {
  name: "",
  enabled: true,
  integrationIds: null,
  eventTypes: null,
  destinationIds: [],
  filter: { view: "builder", tree: EMPTY_GROUP, match: null },
  windowSeconds: "0",
  groupBy: "",
  groupAttributes: "",
};

const ALERT_TYPES = ["alert.created", "alert.updated", "alert.acknowledged", "alert.resolved"] as const;

/** The types that a route for an event takes: that of the event, and of an alert the whole alert, so that it is resolved, too. */
function typesFor(type: EventTypeName | null): Draft["eventTypes"] {
  if (type === null) return null;
  if (!type.startsWith("alert.")) return [type];
  return ALERT_TYPES.some((each) => each === type) ? ALERT_TYPES : [...ALERT_TYPES, type];
}

/** What the form of a new route begins with: an event that it is for, or a destination. */
export function draftFor(
  event: Pick<Event, "integration_id" | "type"> | undefined,
  destination: string | undefined,
): Draft {
  const integration = event?.integration_id ?? null;
  return {
    ...EMPTY_DRAFT,
    integrationIds: integration === null ? null : [integration],
    eventTypes: typesFor(event?.type ?? null),
    destinationIds: destination === undefined ? [] : [destination],
  };
}

function builderOf(match: JsonObject | null): Filter {
  return { view: "builder", tree: readMatch(match), match };
}

/** The filter after a change in the builder. */
export function withTree(tree: Group): Filter {
  return { view: "builder", tree, match: writeMatch(tree) };
}

export function draftOf(route: Route): Draft {
  return {
    name: route.name,
    enabled: route.enabled,
    integrationIds: route.integration_ids,
    eventTypes: route.event_types,
    destinationIds: route.destination_ids,
    filter: builderOf(route.match),
    windowSeconds: String(route.group_window_seconds),
    groupBy: route.group_by ?? "",
    groupAttributes: (route.group_attributes ?? []).join("\n"),
  };
}

/** The filter of a form, or why its text is not a filter. */
export type MatchOfDraft =
  | { readonly ok: true; readonly match: JsonObject | null }
  | { readonly ok: false; readonly line: number; readonly message: string };

export function matchOf(filter: Filter): MatchOfDraft {
  if (filter.view === "builder") return { ok: true, match: filter.match };
  if (filter.text.trim() === "") return { ok: true, match: null };
  const read = readJson(filter.text);
  if (!read.ok) return read;
  const { value } = read;
  if (value === null || isJsonObject(value)) return { ok: true, match: value };
  return { ok: false, line: 1, message: "A filter is a JSON object." };
}

/** The other view of the same filter; the same filter while the text is no filter. */
export function withView(filter: Filter, view: Filter["view"]): Filter {
  if (filter.view === view) return filter;
  const read = matchOf(filter);
  if (!read.ok) return filter;
  if (view === "builder") return builderOf(read.match);
  return { view, text: read.match === null ? "" : writeJson(read.match, 2) };
}

function listOf(text: string): readonly string[] | null {
  const lines = text.split(/[\n,]/u).map((line) => line.trim());
  const named = lines.filter((line) => line !== "");
  return named.length === 0 ? null : named;
}

/** The body of the request that saves a draft. The gateway checks it. */
export function bodyOf(draft: Draft, match: JsonObject | null): RouteCreation {
  const { name, enabled, integrationIds, eventTypes, destinationIds, windowSeconds, groupBy, groupAttributes } = draft;
  return {
    name,
    enabled,
    integration_ids: integrationIds,
    event_types: eventTypes,
    destination_ids: destinationIds,
    match,
    group_window_seconds: Number(windowSeconds),
    group_by: groupBy.trim() === "" ? null : groupBy,
    group_attributes: listOf(groupAttributes),
  };
}
