import { Button } from "@cloudflare/kumo/components/button";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { ExplainedRoute, FailedCondition } from "../../client/index.ts";
import { useNames } from "../api/names.ts";
import { REASONS, named, writeText } from "../routes/explained-route.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { explainQuery } from "./event-query.ts";

/** Which routes take an event now, and why the others do not. Asked for on request: the gateway evaluates every route for it. */
export function RouteReasons({ id }: { readonly id: string }) {
  const [isOpen, setIsOpen] = useState(false);
  if (!isOpen) {
    return (
      <Button size="xs" variant="outline" onClick={() => setIsOpen(true)}>
        Explain
      </Button>
    );
  }
  return <Reasons id={id} />;
}

function Reasons({ id }: { readonly id: string }) {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    explainQuery(id),
  );
  if (isPending) return <Loading rows={2} label="Loading the explanation" />;
  if (data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  const routes = data.pages.flatMap((page) => page.routes);
  if (routes.length === 0) return <span className="muted">There are no routes.</span>;
  const isOfGroup = data.pages.some(({ decided_by }) => decided_by === "group");
  return (
    <>
      {isOfGroup ? (
        <p className="note">The event of a group goes to the destinations that its route had as the group opened.</p>
      ) : null}
      <ul className="reasons">
        {routes.map((route) => (
          <Reason key={route.id} route={route} />
        ))}
      </ul>
      {hasNextPage ? (
        <Button size="xs" variant="outline" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More routes
        </Button>
      ) : null}
    </>
  );
}

function Reason({ route: { id, name, takes, reason, failed } }: { readonly route: ExplainedRoute }) {
  const names = useNames();
  const verdict = takes === null ? "not evaluated" : takes ? "takes it" : "does not";
  return (
    <li>
      <Status health={takes === true ? "ok" : "quiet"}>{verdict}</Status>
      <Link to="/routes/$id" params={{ id }} search={{}}>
        <bdi>{name}</bdi>
      </Link>
      {reason === null || takes === null ? null : <span className="muted">{REASONS[reason]}</span>}
      {(failed ?? []).map((condition) => (
        <code key={condition.at} className="muted">
          <bdi>{conditionText(condition, names.integration)}</bdi>
        </code>
      ))}
    </li>
  );
}

/** Such as `data.alert.urgency $in ["high"], but it is "low"`. */
function conditionText(condition: FailedCondition, integrationName: (id: string) => string): string {
  const { at, path, operator, expected, actual, found } = condition;
  const shown = path === "integration_ids" ? named(integrationName) : writeText;
  const value = found ? `it is ${shown(actual)}` : "it is missing";
  return path === "" ? `${at} fails` : `${path} ${operator} ${shown(expected)}, but ${value}`;
}
