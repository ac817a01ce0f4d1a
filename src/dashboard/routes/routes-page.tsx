import { ArrowRightIcon } from "@phosphor-icons/react/dist/csr/ArrowRight";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Route } from "../../client/index.ts";
import { routesQuery, useNames } from "../api/names.ts";
import { CreateLink } from "../shell/create-link.tsx";
import { Page } from "../shell/page.tsx";
import { Empty } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { matchText } from "./match-text.ts";
import { windowText } from "./window-text.ts";

/** All routes in the order in which they are evaluated: the oldest first, as the delivery shows the first one that matches. */
export function RoutesPage() {
  const query = useQuery(routesQuery);
  return (
    <Page
      name="Routes"
      actions={
        <span className="route-actions">
          <Link to="/routes/explain" search={{}} className="link-button">
            Which route takes an event?
          </Link>
          <CreateLink what="route" />
        </span>
      }
    >
      <QueryView query={query} label="Loading routes">
        {(routes) =>
          routes.length === 0 ? (
            <Empty title="No routes yet">A route decides which events go to which destinations.</Empty>
          ) : (
            <>
              <p className="muted">
                Each event goes to the destinations of every route that matches it, once to each destination. Routes are
                evaluated in this order.
              </p>
              <ol className="route-list" aria-label="Routes">
                {routes.toReversed().map((route, index) => (
                  <RouteRow key={route.id} route={route} number={index + 1} />
                ))}
              </ol>
            </>
          )
        }
      </QueryView>
    </Page>
  );
}

function RouteRow({ route, number }: { readonly route: Route; readonly number: number }) {
  const names = useNames();
  const { id, name, enabled, integration_ids, event_types, destination_ids, match, group_window_seconds } = route;
  return (
    <li className="route-row" data-enabled={enabled}>
      <span className="route-number muted" aria-hidden="true">
        {number}
      </span>
      <span className="route-name">
        <Link to="/routes/$id" params={{ id }} search={{}}>
          <bdi>{name}</bdi>
        </Link>
        <Status health={enabled ? "ok" : "quiet"}>{enabled ? "enabled" : "disabled"}</Status>
      </span>
      <span className="route-flow">
        <Names
          names={integration_ids === null ? null : integration_ids.map(names.integration)}
          all="All integrations"
        />
        <ArrowRightIcon size={14} className="route-arrow" aria-label="to" />
        <span className="route-rules">
          <span>{event_types === null ? "all types" : event_types.join(", ")}</span>
          {match === null ? null : (
            <span className="route-match">
              <bdi>{matchText(match)}</bdi>
            </span>
          )}
          {group_window_seconds === 0 ? null : (
            <span className="tag">{`grouped for ${windowText(group_window_seconds)}`}</span>
          )}
        </span>
        <ArrowRightIcon size={14} className="route-arrow" aria-label="to" />
        <Names names={destination_ids.map(names.destination)} all="" />
      </span>
    </li>
  );
}

const MAX_SHOWN = 3;

function Names({ names, all }: { readonly names: readonly string[] | null; readonly all: string }) {
  if (names === null) return <span className="route-end muted">{all}</span>;
  const more = names.length - MAX_SHOWN;
  return (
    <span className="route-end">
      {names.slice(0, MAX_SHOWN).map((name) => (
        <bdi key={name} className="chip">
          {name}
        </bdi>
      ))}
      {more > 0 ? <span className="muted">{`and ${more} more`}</span> : null}
    </span>
  );
}
