import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Button } from "@cloudflare/kumo/components/button";
import { type EventsListQuery, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";
import { useNames } from "../api/names.ts";
import { explainQuery } from "../events/event-query.ts";
import { eventTitle } from "../events/event-title.ts";
import { SearchFilter } from "../lists/filter-bar.tsx";
import { POLL_MS } from "../lists/use-live-list.ts";
import { useMay } from "../session/session.ts";
import { Page } from "../shell/page.tsx";
import { SubpageHead } from "../shell/subpage-head.tsx";
import { useTitle } from "../shell/title.ts";
import { Empty, Failed, Loading } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { ExplainedRouteView } from "./explained-route.tsx";

const address = getRouteApi("/app/routes/explain");
const SHOWN = 30;

/** Which routes would take a stored event, and why the others would not. */
export function ExplainPage() {
  const { event, q } = address.useSearch();
  const navigate = address.useNavigate();
  useTitle("Which route takes an event?");
  return (
    <Page name="Routes">
      <SubpageHead list="routes" title="Which route takes an event?" />
      <div className="explain-columns">
        <section className="aside-box" aria-labelledby="choose-title">
          <h3 id="choose-title">Choose an event</h3>
          <SearchFilter
            label="Search events"
            value={q}
            onChange={(text) =>
              void navigate({
                to: ".",
                replace: true,
                search: ({ q: _q, ...now }) => (text === undefined ? now : { ...now, q: text }),
              })
            }
          />
          <EventChoice q={q} eventId={event} />
        </section>
        <section aria-labelledby="verdict-title" className="explain-result">
          {event === undefined ? (
            <Empty title="No event is chosen">
              Choose one to see which routes would take it now, and which condition of the others does not hold.
            </Empty>
          ) : (
            <Explanation id={event} />
          )}
        </section>
      </div>
    </Page>
  );
}

function EventChoice({ q, eventId }: { readonly q: string | undefined; readonly eventId: string | undefined }) {
  const names = useNames();
  const filters: EventsListQuery = { limit: SHOWN, ...(q !== undefined && { q }) };
  const { data, error, refetch } = useQuery({
    queryKey: ["events", "choice", q ?? null],
    queryFn: async ({ signal }) => unwrap(await client.events.list(filters, { signal })).data,
    refetchInterval: POLL_MS,
  });
  if (data === undefined) {
    return error === null ? (
      <Loading label="Loading events" />
    ) : (
      <Failed error={error} onRetry={() => void refetch()} />
    );
  }
  if (data.length === 0) {
    return (
      <p className="muted small">{q === undefined ? "There are no events yet." : "No recent event contains this."}</p>
    );
  }
  return (
    <ul className="choice-events" aria-label="Newest events">
      {data.map((event) => (
        <li key={event.id}>
          <Link
            to="/routes/explain"
            search={(now) => ({ ...now, event: event.id })}
            data-selected={event.id === eventId}
            {...(event.id === eventId ? { "aria-current": "true" as const } : {})}
          >
            <bdi className="preview-title">{eventTitle(event)}</bdi>
            <span className="muted small">
              <bdi>{names.integration(event.integration_id)}</bdi>
              {" · "}
              {event.type ?? event.outcome}
              {" · "}
              <Time at={event.received_at} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Explanation({ id }: { readonly id: string }) {
  const may = useMay("write");
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    explainQuery(id),
  );
  if (isPending) return <Loading label="Loading the explanation" />;
  if (data === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  const routes = data.pages.flatMap((page) => page.routes);
  const [first] = data.pages;
  const taking = routes.filter(({ takes }) => takes === true).length;
  return (
    <>
      <div className="section-head">
        <h3 id="verdict-title">{verdictText(taking, routes.length, hasNextPage)}</h3>
        <span className="spacer" />
        <Link to="/events/$id" params={{ id }}>
          Show the event
        </Link>
        {may ? (
          <Link to="/routes/new" search={{ event: id }}>
            Create a route for it
          </Link>
        ) : null}
      </div>
      {first?.decided_by === "group" ? (
        <p className="note">The event of a group goes to the destinations that its route had as the group opened.</p>
      ) : null}
      {first?.note === null || first === undefined ? null : (
        <p className="note">
          <bdi>{first.note}</bdi>
        </p>
      )}
      <ol className="explained" aria-label="Routes">
        {routes.map((route) => (
          <ExplainedRouteView key={route.id} route={route} />
        ))}
      </ol>
      {hasNextPage ? (
        <Button size="sm" variant="secondary" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More routes
        </Button>
      ) : null}
    </>
  );
}

function verdictText(taking: number, all: number, hasMore: boolean): string {
  if (all === 0) return "There are no routes.";
  const of = `of ${hasMore ? "the first " : ""}${all === 1 ? "1 route" : `${all} routes`}`;
  if (taking === 0) return `No route takes it (${of}).`;
  return `${taking} ${of} ${taking === 1 ? "takes" : "take"} it`;
}
