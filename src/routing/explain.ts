import { explainFilter, type FailedCondition } from "../filters/explain.ts";
import { type BudgetSource, UNITS_PER_MS } from "../model/budget.ts";
import { excerptOf } from "../model/excerpt.ts";
import type { Json } from "../model/json.ts";
import type { Route } from "../model/route.ts";
import { type Reading, type Refusal, checkRoute } from "./select.ts";

// Why a route does not take an event, with the values that were compared.

export const REASONS = [
  "disabled",
  "integration",
  "event_type",
  "match",
  "over_budget",
  "not_deliverable",
  "content_gone",
] as const;

/** `over_budget`: the filter takes more work than it may, which counts as no match. */
export type Reason = (typeof REASONS)[number];

/** `failed` is null if the conditions could not be evaluated within the work that they may take. */
export type RouteExplanation = { readonly reason: Reason | null; readonly failed: readonly FailedCondition[] | null };

/** The work of explaining one filter. */
const MAX_WORK = 40 * UNITS_PER_MS;
const MAX_CHARACTERS = 500;

function compared(path: string, expected: Json, actual: Json): FailedCondition {
  return { at: path, path, operator: "$in", expected: excerptOf(expected, MAX_CHARACTERS), actual, found: true };
}

function explainRefusal(
  refusal: Refusal,
  { integration_ids, event_types, match }: Route,
  { event, document }: Reading,
  work: BudgetSource,
): RouteExplanation {
  switch (refusal) {
    case "disabled":
      return { reason: refusal, failed: [] };
    case "integration":
      return { reason: refusal, failed: [compared("integration_ids", integration_ids, event.integration_id)] };
    case "event_type":
      return { reason: refusal, failed: [compared("event_types", event_types, event.type)] };
    case "match": {
      const read = document();
      const part = work.part("explanation work", MAX_WORK);
      return { reason: refusal, failed: match === null || read === null ? [] : explainFilter(match, read, part) };
    }
  }
}

/** Returns why a route does not take an event; the reason is null if the route takes it. */
export function explainRoute(route: Route, reading: Reading, work: BudgetSource): RouteExplanation {
  const { type, content } = reading.event;
  if (type === null) return { reason: "not_deliverable", failed: [] };
  if (content === null) return { reason: "content_gone", failed: [] };
  const { refusal, over_budget } = checkRoute(route, reading);
  if (refusal === null) return { reason: null, failed: [] };
  return over_budget ? { reason: "over_budget", failed: null } : explainRefusal(refusal, route, reading, work);
}
