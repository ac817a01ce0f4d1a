import { Button } from "@cloudflare/kumo/components/button";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Integration } from "../../client/index.ts";
import { Failed, Loading } from "../ui/states.tsx";
import { ArrivalRow } from "./arrival-row.tsx";
import { ArrivedEvent, RefusedRequests } from "./arrival-detail.tsx";
import { type Arrival, arrivalsOf } from "./arrivals.ts";
import { FirstWebhook } from "./first-webhook-view.tsx";
import { arrivalsQuery, rejectionsQuery } from "./queries.ts";
import { useHeld } from "./use-held.ts";

const route = getRouteApi("/app/integrations/$id");

/** What arrives at an integration, live: events, and requests that were refused. */
export function Inspector({ integration }: { readonly integration: Integration }) {
  const { id, name } = integration;
  const search = route.useSearch();
  const events = useQuery(arrivalsQuery(id));
  const rejections = useQuery(rejectionsQuery(id));
  const arrivals = arrivalsOf(events.data ?? [], rejections.data ?? []);
  const { shown, fresh, showFresh, list, handlers } = useHeld(
    arrivals,
    Math.max(events.dataUpdatedAt, rejections.dataUpdatedAt),
  );
  const asked = search.event ?? search.rejection;
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    // The detail of a row far down in the list begins above the window.
    const top = place.current?.getBoundingClientRect().top ?? 0;
    if (asked !== undefined && top < 0) place.current?.scrollIntoView({ block: "start" });
  }, [asked]);
  if (events.data === undefined) {
    if (events.isError) return <Failed error={events.error} onRetry={() => void events.refetch()} />;
    return <Loading label="Loading what arrived" />;
  }
  if (arrivals.length === 0 && asked === undefined) return <Waiting integration={integration} />;
  const selected = asked ?? shown[0]?.key;
  return (
    <section ref={place} className="inspector" aria-label="Inspector" data-asked={asked !== undefined}>
      <div className="inspector-list">
        <div className="inspector-head">
          <span className="live-switch" data-live="true" role="status">
            <span className="live-dot" aria-hidden="true" />
            {fresh === 0 ? "Live" : `${fresh} waiting`}
          </span>
          {fresh === 0 ? null : (
            <Button size="xs" variant="primary" onClick={showFresh}>
              {`${fresh} new`}
            </Button>
          )}
          <span className="spacer" />
          <Link to="/events" search={{ integration: id }} aria-label={`All events of ${name}`}>
            All events
          </Link>
        </div>
        <div ref={list} className="inspector-rows" {...handlers}>
          <ul aria-label="Arrivals">
            {shown.map((arrival) => (
              <li key={arrival.key}>
                <ArrivalRow arrival={arrival} integrationId={id} isSelected={arrival.key === selected} />
              </li>
            ))}
          </ul>
        </div>
      </div>
      <div className="inspector-detail">
        {asked === undefined ? null : (
          <Link to="/integrations/$id" params={{ id }} search={{}} resetScroll={false} className="inspector-back">
            All arrivals
          </Link>
        )}
        <Detail asked={search} selected={arrivals.find(({ key }) => key === selected)} />
      </div>
    </section>
  );
}

type DetailProps = {
  readonly asked: { readonly event?: string | undefined };
  readonly selected: Arrival | undefined;
};

function Detail({ asked, selected }: DetailProps) {
  if (selected?.kind === "rejection") return <RefusedRequests rejection={selected.rejection} />;
  const eventId = selected?.key ?? asked.event;
  if (eventId === undefined) return <p className="muted">This entry is no longer among the newest.</p>;
  return <ArrivedEvent key={eventId} id={eventId} />;
}

function Waiting({ integration }: { readonly integration: Integration }) {
  return (
    <section className="waiting" aria-labelledby="waiting-title">
      <span className="live-switch" data-live="true">
        <span className="live-dot" aria-hidden="true" />
        Live
      </span>
      <h2 id="waiting-title">Waiting for the first request</h2>
      <p className="muted">
        What the sender sends appears here within three seconds, also what is refused.{" "}
        <Link to="/integrations/$id" params={{ id: integration.id }} search={{ view: "setup" }}>
          Set up the sender
        </Link>
        , or send a first webhook yourself:
      </p>
      <FirstWebhook integration={integration} />
    </section>
  );
}
