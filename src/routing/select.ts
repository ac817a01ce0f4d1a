import { type Budget, type BudgetSource, UNITS_PER_MS, UNSHARED } from "../model/budget.ts";
import { matches, parseFilter } from "../filters/filter.ts";
import { type Deliverable, documentOf, exactDocumentOf, scopeOf } from "../model/envelope.ts";
import { type EventContent, type MessageType, TYPES_BY_NAME_ONLY } from "../model/event.ts";
import type { JsonObject } from "../model/json.ts";
import type { Route } from "../model/route.ts";

type Filter = Parameters<typeof matches>[0];

/** An event as routes see it: `type` is null if it has no deliverable outcome, `content` if it has been erased. */
export type Candidate = Omit<Deliverable, "type" | "content"> & {
  readonly type: MessageType | null;
  readonly content: EventContent | null;
};

/** The parsed content of an event, shared by all routes; parsed when the first one needs it. */
export type Reading = {
  readonly event: Candidate;
  /** Returns the body of its deliveries; null if it has been erased. */
  readonly document: () => JsonObject | null;
  /** Returns the variables of templates; null if there are none. */
  readonly scope: () => JsonObject | null;
  /** The work that is left for the filters of all routes, and for their `group_by`. */
  readonly filters: Budget;
  readonly grouping: Budget;
};

/** The work of one filter, of all filters for one event, and of all `group_by` for one event. */
const MAX_WORK = 40 * UNITS_PER_MS;
const MAX_WORK_OF_ALL = 100 * UNITS_PER_MS;
const MAX_GROUPING_WORK = 100 * UNITS_PER_MS;
/** The work of parsing a character of the content. */
const UNITS_PER_CHARACTER = 0.5;

/** Reads an event for routes. What they spend on it counts in `work` too. */
export function readingOf(event: Candidate, work: BudgetSource = UNSHARED): Reading {
  const { type, content } = event;
  let document: JsonObject | undefined;
  let scope: JsonObject | null | undefined;
  const filters = work.part("filter work", MAX_WORK_OF_ALL);
  const grouping = work.part("template work", MAX_GROUPING_WORK);
  if (type === null || content === null) {
    return { event, document: () => null, scope: () => null, filters, grouping };
  }
  const deliverable = { ...event, type, content };
  const parseUnits = content.request.body.length * UNITS_PER_CHARACTER;
  return {
    event,
    document() {
      if (document !== undefined) return document;
      work.charge(parseUnits);
      return (document = documentOf(deliverable));
    },
    scope() {
      if (scope !== undefined) return scope;
      work.charge(parseUnits);
      const read = exactDocumentOf(deliverable);
      scope = read.ok ? scopeOf(read.value) : null;
      return scope;
    },
    filters,
    grouping,
  };
}

function takesType({ event_types, group_window_seconds }: Route, type: MessageType | null): boolean {
  // A group goes only to the destinations that its route had when its window opened.
  if (type === null || type === "event.group") return false;
  if (group_window_seconds === 0) {
    return event_types === null ? !TYPES_BY_NAME_ONLY.includes(type) : event_types.includes(type);
  }
  const namesNone = event_types === null || (event_types.length > 0 && event_types.every((t) => t === "event.group"));
  // Most events of a group are repeats: a route with a window that takes creates takes their repeats, too.
  if (type === "alert.repeated") return namesNone || event_types.some((t) => t === type || t === "alert.created");
  return namesNone ? !TYPES_BY_NAME_ONLY.includes(type) : event_types.includes(type);
}

/** Filters by the map that they were parsed from, which lives as long as the configuration snapshot that holds it. */
const compiled = new WeakMap<JsonObject, Filter | null>();

function filterOf(match: JsonObject): Filter | null {
  const known = compiled.get(match);
  if (known !== undefined) return known;
  const parsed = parseFilter(match);
  const filter = parsed.ok ? parsed.value : null;
  compiled.set(match, filter);
  return filter;
}

/** The first reason why a route does not take an event. */
export type Refusal = "disabled" | "integration" | "event_type" | "match";

/** `over_budget`: the filter needed more work than allowed, which counts as no match. */
export type RouteCheck = { readonly refusal: Refusal | null; readonly over_budget: boolean };

function refuse(refusal: Refusal | null, over_budget = false): RouteCheck {
  return { refusal, over_budget };
}

/** Checks if a route takes an event. */
export function checkRoute(route: Route, reading: Reading): RouteCheck {
  const { event, filters } = reading;
  if (!route.enabled) return refuse("disabled");
  if (route.integration_ids !== null && !route.integration_ids.includes(event.integration_id)) {
    return refuse("integration");
  }
  if (!takesType(route, event.type)) return refuse("event_type");
  if (route.match === null) return refuse(null);
  const filter = filterOf(route.match);
  const document = reading.document();
  // A filter that cannot be parsed any more, or has no document, matches nothing.
  if (filter === null || document === null) return refuse("match");
  const own = filters.part("filter work", MAX_WORK);
  const holds = matches(filter, document, own);
  return refuse(holds ? null : "match", own.isExceeded);
}

/** A destination that receives an event, and the first route that names it. */
export type Recipient = { readonly destination_id: string; readonly route_id: string };

export type Selection = {
  /** Each destination once, however many routes name it. */
  readonly recipients: readonly Recipient[];
  /** Routes that take the event into a group. */
  readonly grouping: readonly Route[];
  /** Ids of routes whose filter needed more work than allowed. */
  readonly over_budget: readonly string[];
};

/** Returns the recipients that a system event names itself, as that of a group does; null if routes decide. */
export function fixedRecipients(content: EventContent | null): readonly Recipient[] | null {
  const owed = content?.signal.action === "announce" ? content.signal.owed : undefined;
  if (owed === undefined) return null;
  return owed.destination_ids.map((destination_id) => ({ destination_id, route_id: owed.route_id }));
}

/** Selects the routes that take an event, in steps of one route, between which the caller may pause. */
export function* selectInSteps(routes: readonly Route[], reading: Reading): Generator<undefined, Selection> {
  const fixed = fixedRecipients(reading.event.content);
  if (fixed !== null) return { recipients: fixed, grouping: [], over_budget: [] };
  const recipients = new Map<string, Recipient>();
  const grouping: Route[] = [];
  const overBudget: string[] = [];
  for (const route of routes) {
    yield;
    const { refusal, over_budget } = checkRoute(route, reading);
    if (over_budget) overBudget.push(route.id);
    if (refusal !== null) continue;
    if (route.group_window_seconds > 0) {
      if (route.destination_ids.length > 0) grouping.push(route);
      continue;
    }
    for (const destination_id of route.destination_ids) {
      if (!recipients.has(destination_id)) recipients.set(destination_id, { destination_id, route_id: route.id });
    }
  }
  return { recipients: [...recipients.values()], grouping, over_budget: overBudget };
}

/** Selects the routes that take an event. */
export function selectRoutes(routes: readonly Route[], reading: Reading): Selection {
  const steps = selectInSteps(routes, reading);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
