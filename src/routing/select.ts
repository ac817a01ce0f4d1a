import { matches, parseFilter } from "../filters/filter.ts";
import { type Deliverable, documentOf, exactDocumentOf, scopeOf } from "../model/envelope.ts";
import { type EventContent, type MessageType, TYPES_BY_NAME_ONLY } from "../model/event.ts";
import type { JsonObject } from "../model/json.ts";
import type { Route } from "../model/route.ts";

type Filter = Parameters<typeof matches>[0];

/** An event as routes look at it: without a type nobody is told of it, and its content is null where that has been erased. */
export type Candidate = Omit<Deliverable, "type" | "content"> & {
  readonly type: MessageType | null;
  readonly content: EventContent | null;
};

/** One reading of an event, shared by all routes that look at it; made only where one has to look inside. */
export type Reading = {
  readonly event: Candidate;
  /** The body of its deliveries; null where that can no longer be told. */
  readonly document: () => JsonObject | null;
  /** What templates see; null where there is nothing to be seen. */
  readonly scope: () => JsonObject | null;
  /** What the filters of all routes together may still cost. */
  readonly work: { left: number };
};

/** What one filter may cost, and all of an event's together. */
const MAX_WORK = 1_000_000;
const MAX_WORK_OF_ALL = 10_000_000;

export function readingOf(event: Candidate): Reading {
  const { type, content } = event;
  let document: JsonObject | undefined;
  let scope: JsonObject | null | undefined;
  if (type === null || content === null) {
    return { event, document: () => null, scope: () => null, work: { left: 0 } };
  }
  const told = { ...event, type, content };
  return {
    event,
    document: () => (document ??= documentOf(told)),
    scope() {
      if (scope !== undefined) return scope;
      const read = exactDocumentOf(told);
      scope = read.ok ? scopeOf(read.value) : null;
      return scope;
    },
    work: { left: MAX_WORK_OF_ALL },
  };
}

function takesType({ event_types, group_window_seconds }: Route, type: MessageType | null): boolean {
  // A group is owed to the destinations that its window opened with, and to nobody else.
  if (type === null || type === "event.group") return false;
  if (group_window_seconds === 0) {
    return event_types === null ? !TYPES_BY_NAME_ONLY.includes(type) : event_types.includes(type);
  }
  const namesNone = event_types === null || (event_types.length > 0 && event_types.every((t) => t === "event.group"));
  // What groups count are mostly repeats: a route that takes creates takes them with it.
  if (type === "alert.repeated") return namesNone || event_types.some((t) => t === type || t === "alert.created");
  return namesNone ? !TYPES_BY_NAME_ONLY.includes(type) : event_types.includes(type);
}

/** Filters by the map that they were written as, which lives as long as the catalog that holds it. */
const filters = new WeakMap<JsonObject, Filter | null>();

function filterOf(match: JsonObject): Filter | null {
  const known = filters.get(match);
  if (known !== undefined) return known;
  const parsed = parseFilter(match);
  const filter = parsed.ok ? parsed.value : null;
  filters.set(match, filter);
  return filter;
}

/** Why a route does not take an event: its first reason. */
export type Refusal = "disabled" | "integration" | "event_type" | "match";

/** `over_budget`: the filter cost more than it may, which counts as no match. */
export type RouteCheck = { readonly refusal: Refusal | null; readonly over_budget: boolean };

function refuse(refusal: Refusal | null, over_budget = false): RouteCheck {
  return { refusal, over_budget };
}

/** Whether a route takes an event. */
export function checkRoute(route: Route, reading: Reading): RouteCheck {
  const { event, work } = reading;
  if (!route.enabled) return refuse("disabled");
  if (route.integration_ids !== null && !route.integration_ids.includes(event.integration_id)) {
    return refuse("integration");
  }
  if (!takesType(route, event.type)) return refuse("event_type");
  if (route.match === null) return refuse(null);
  const filter = filterOf(route.match);
  const document = reading.document();
  // A filter that cannot be read any more, or has nothing to look at, holds for nothing.
  if (filter === null || document === null) return refuse("match");
  const given = Math.min(MAX_WORK, work.left);
  const own = { left: given };
  const holds = given >= 0 && matches(filter, document, own);
  work.left -= given - Math.max(0, own.left);
  return refuse(holds ? null : "match", given <= 0 || own.left < 0);
}

/** One destination that is owed an event, and the first route that says so. */
export type Recipient = { readonly destination_id: string; readonly route_id: string };

export type Selection = {
  /** Each destination once, however many routes name it. */
  readonly recipients: readonly Recipient[];
  /** The routes that take the event for a group. */
  readonly grouping: readonly Route[];
  /** Routes whose filter cost more than it may. */
  readonly over_budget: readonly string[];
};

/** Who is told of an event of the gateway's own, where that was settled before it. */
export function fixedRecipients(content: EventContent | null): readonly Recipient[] | null {
  const owed = content?.signal.action === "announce" ? content.signal.owed : undefined;
  if (owed === undefined) return null;
  return owed.destination_ids.map((destination_id) => ({ destination_id, route_id: owed.route_id }));
}

/** What routes make of an event. */
export function selectRoutes(routes: readonly Route[], reading: Reading): Selection {
  const fixed = fixedRecipients(reading.event.content);
  if (fixed !== null) return { recipients: fixed, grouping: [], over_budget: [] };
  const recipients = new Map<string, Recipient>();
  const grouping: Route[] = [];
  const overBudget: string[] = [];
  for (const route of routes) {
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
