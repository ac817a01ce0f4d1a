import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failed, Loading } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { type FailedCondition, explainQuery } from "./event-query.ts";

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
  const { data, error, isPending, refetch } = useQuery(explainQuery(id));
  if (isPending) return <Loading rows={2} label="Loading the explanation" />;
  if (error !== null) return <Failed error={error} onRetry={() => void refetch()} />;
  if (data.routes.length === 0) return <span className="muted">There are no routes.</span>;
  return (
    <ul className="reasons">
      {data.routes.map(({ id: route, name, takes, reason, failed = [] }) => (
        <li key={route}>
          <Status health={takes ? "ok" : "quiet"}>{takes ? "takes it" : "does not"}</Status>
          <bdi>{name}</bdi>
          {reason === null ? null : <span className="muted">{reason.replaceAll("_", " ")}</span>}
          {failed.map((condition) => (
            <code key={`${condition.path} ${condition.operator}`} className="muted">
              <bdi>{conditionText(condition)}</bdi>
            </code>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** Such as `data.alert.urgency $in ["high"], but it is "low"`. */
function conditionText({ path, operator, expected, actual }: FailedCondition): string {
  const found = actual === undefined ? "it is missing" : `it is ${JSON.stringify(actual)}`;
  return `${path} ${operator} ${JSON.stringify(expected)}, but ${found}`;
}
