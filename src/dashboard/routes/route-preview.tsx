import type { UseQueryResult } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Event, RoutePreview } from "../../client/index.ts";
import { useNames } from "../api/names.ts";
import { statusOf } from "../api/query-client.ts";
import { eventTitle } from "../events/event-title.ts";
import { Failed, Loading } from "../ui/states.tsx";
import { Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";

const REASONS = {
  disabled: "the route is disabled",
  integration: "another integration",
  event_type: "another type",
  match: "the filter",
} as const;

type RoutePreviewListProps = {
  readonly query: UseQueryResult<RoutePreview>;
  /** Events with their payloads. The preview has none, and an event without a title is named by its payload. */
  readonly samples: readonly Event[];
};

/** The newest events, those first that the route would take. */
export function RoutePreviewList({ query, samples }: RoutePreviewListProps) {
  const names = useNames();
  const { data, error } = query;
  if (error !== null && statusOf(error) !== 400) return <Failed error={error} onRetry={() => void query.refetch()} />;
  if (error !== null) return <p className="muted small">The gateway does not accept these fields yet.</p>;
  if (data === undefined) return <Loading rows={4} label="Loading the preview" />;
  const titles = new Map(samples.map((sample) => [sample.id, eventTitle(sample)]));
  const events = [...data.data.filter(({ matches }) => matches), ...data.data.filter(({ matches }) => !matches)];
  return (
    <>
      <p className="preview-count" role="status">
        {data.data.length === 0
          ? "There are no events yet."
          : `${data.matched} of the newest ${data.data.length} events would match.`}
      </p>
      <ul className="preview-list" aria-label="Events that would match" aria-busy={query.isFetching}>
        {events.map((event) => (
          <li key={event.event_id} data-matches={event.matches}>
            <Status health={event.matches ? "ok" : "quiet"}>{event.matches ? "match" : "no"}</Status>
            <Link to="/events/$id" params={{ id: event.event_id }} target="_blank" className="preview-title">
              <bdi>{event.title ?? titles.get(event.event_id) ?? event.type ?? "Event"}</bdi>
            </Link>
            <span className="muted small">
              <bdi>{names.integration(event.integration_id)}</bdi>
              {event.reason === null ? null : `: ${REASONS[event.reason]}`}
            </span>
            <span className="muted small">
              <Time at={event.received_at} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
