import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Rejection } from "../../client/index.ts";
import { eventQuery } from "../events/event-query.ts";
import { eventTitle } from "../events/event-title.ts";
import { ReplayEvent } from "../events/replay-event.tsx";
import { RequestView } from "../events/request-view.tsx";
import { Story } from "../events/story.tsx";
import { useMay } from "../session/session.ts";
import { QueryView } from "../ui/query-view.tsx";
import { Time } from "../ui/time.tsx";
import { countText } from "./arrival-row.tsx";
import { rejectionReason } from "./arrivals.ts";

/** An event of the inspector: what was sent first, then what became of it. */
export function ArrivedEvent({ id }: { readonly id: string }) {
  const query = useQuery(eventQuery(id));
  return (
    <article className="arrival" aria-label="Event">
      <QueryView query={query} label="Loading the event">
        {(event) => (
          <>
            <div className="detail-head">
              <div className="detail-titles">
                <h2>
                  <bdi>{eventTitle(event)}</bdi>
                </h2>
                <Link to="/events/$id" params={{ id }} className="small">
                  Open among all events
                </Link>
              </div>
              <ReplayEvent event={event} />
            </div>
            <RequestView event={event} />
            <Story event={event} />
          </>
        )}
      </QueryView>
    </article>
  );
}

/** The requests of one minute that were refused for one reason, with the latest as the example. */
export function RefusedRequests({ rejection }: { readonly rejection: Rejection }) {
  const { at, status, code, count, example } = rejection;
  const { title, hint } = rejectionReason(code);
  const may = useMay("write");
  const facts: readonly (readonly [string, string])[] = [
    ["Method", example.method],
    ["Content type", example.content_type ?? "none"],
    ["User agent", example.user_agent ?? "none"],
    ["Size", example.size === null ? "not stated" : `${example.size} bytes`],
  ];
  return (
    <article className="arrival" aria-label="Refused requests">
      <div className="detail-titles">
        <h2>{title}</h2>
        <code className="muted">{`${status} ${code}`}</code>
      </div>
      <p className="callout" data-health="dead">
        <strong>{`${countText(count)} refused`}</strong> in one minute, the latest at <Time at={at} />. {hint}
      </p>
      <section aria-labelledby="example-title">
        <div className="section-head">
          <h3 id="example-title">The latest of them</h3>
        </div>
        <dl className="headers">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        <p className="muted small">
          The body of a refused request is not stored.
          {may ? (
            <>
              {" "}
              <Link to="." search={{ view: "preview" }}>
                Find out why a request is refused
              </Link>
              .
            </>
          ) : null}
        </p>
      </section>
    </article>
  );
}
