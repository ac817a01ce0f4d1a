import { Link } from "@tanstack/react-router";
import type { ExplainedRoute, FailedCondition } from "../../client/index.ts";
import { writeJson } from "../../model/portable-json.ts";
import { useNames } from "../api/names.ts";
import { Status } from "../ui/status.tsx";

/** Why a route does not take an event. */
export const REASONS = {
  disabled: "The route is disabled.",
  integration: "The route takes events of other integrations.",
  event_type: "The route takes events of other types.",
  match: "The filter does not match:",
  over_budget: "The filter takes more work than it may, which counts as no match.",
  not_deliverable: "The event has no deliverable outcome.",
  content_gone: "The content of the event was erased.",
  not_evaluated: "The routes before took more work than one request may do.",
} as const satisfies Record<NonNullable<ExplainedRoute["reason"]>, string>;

/** The decision of one route on an event, with the values that were compared. */
export function ExplainedRouteView({ route }: { readonly route: ExplainedRoute }) {
  const { id, name, takes, reason, failed, groups, destinations } = route;
  return (
    <li className="explained-route" data-takes={takes === true}>
      <div className="explained-head">
        <Status health={takes === true ? "ok" : takes === null ? "pending" : "quiet"}>
          {takes === null ? "not evaluated" : takes ? "takes it" : "does not"}
        </Status>
        <Link to="/routes/$id" params={{ id }} search={{}}>
          <bdi>{name}</bdi>
        </Link>
        {groups ? <span className="tag">groups</span> : null}
        <span className="spacer" />
        {takes === true
          ? destinations.map((destination) => (
              <bdi key={destination.id} className="chip">
                {destination.name ?? destination.id}
              </bdi>
            ))
          : null}
      </div>
      {reason === null ? null : <p>{REASONS[reason]}</p>}
      {failed === null || failed.length === 0 ? null : (
        <dl className="compared">
          {failed.map((condition) => (
            <Compared key={condition.at} condition={condition} />
          ))}
        </dl>
      )}
    </li>
  );
}

/** The words of the operators that compare with one value or a list. The others are shown as the filter has them. */
const COMPARISONS: ReadonlyMap<string, string> = new Map([
  ["$eq", "expected"],
  ["$ne", "expected not"],
  ["$in", "expected one of"],
  ["$nin", "expected none of"],
  ["$gt", "expected more than"],
  ["$gte", "expected at least"],
  ["$lt", "expected less than"],
  ["$lte", "expected at most"],
]);

function Compared({ condition }: { readonly condition: FailedCondition }) {
  const names = useNames();
  const { at, path, operator, expected, actual, found } = condition;
  const shown = path === "integration_ids" ? named(names.integration) : writeText;
  return (
    <div>
      <dt>
        <code>
          <bdi>{path === "" ? at : path}</bdi>
        </code>
      </dt>
      <dd>
        <span className="muted">{`${COMPARISONS.get(operator) ?? `expected ${operator}`} `}</span>
        <code>
          <bdi>{shown(expected)}</bdi>
        </code>
      </dd>
      <dd>
        <span className="muted">{found ? "is " : "is missing"}</span>
        {found ? (
          <code>
            <bdi>{shown(actual)}</bdi>
          </code>
        ) : null}
      </dd>
    </div>
  );
}

/** Shows a value as JSON. */
export function writeText(value: unknown): string {
  return writeJson(value);
}

/** Shows ids as names. */
export function named(nameOf: (id: string) => string): (value: unknown) => string {
  const show = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(show).join(", ");
    return typeof value === "string" ? nameOf(value) : writeJson(value);
  };
  return show;
}
