import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Alert, Event } from "../../client/index.ts";
import { useNames } from "../api/names.ts";
import { DeliveryStatus } from "../deliveries/delivery-status.tsx";
import { eventQuery } from "../events/event-query.ts";
import { OutcomeStatus } from "../events/outcome.tsx";
import { Failed, Loading } from "../ui/states.tsx";
import { Time } from "../ui/time.tsx";
import { alertEventsQuery } from "./alerts-query.ts";

/** Reading the deliveries of every event would be a request each: the newest ones show them. */
const MAX_WITH_DELIVERIES = 12;

/** The events of an alert in the order of their receipt, with what was delivered. */
export function AlertTimeline({ alert }: { readonly alert: Alert }) {
  const { data, error, refetch } = useQuery(alertEventsQuery(alert.id, alert.status === "resolved"));
  return (
    <section aria-labelledby="timeline-title">
      <div className="section-head">
        <h3 id="timeline-title">Events</h3>
        <Link to="/events" search={{ alert: alert.id }}>
          Show in the list of events
        </Link>
      </div>
      {data === undefined ? (
        error === null ? (
          <Loading rows={3} label="Loading the events" />
        ) : (
          <Failed error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <>
          {data.hasOlder ? (
            <p className="muted small">{`The newest ${data.events.length} events. The list has the older ones.`}</p>
          ) : null}
          {data.events.length === 0 ? <p className="muted">The events of this alert have expired.</p> : null}
          <ol className="timeline">
            {data.events.map((event, index) => (
              <Moment
                key={event.id}
                event={event}
                hasDeliveries={isDelivered(event) && index >= data.events.length - MAX_WITH_DELIVERIES}
              />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function isDelivered({ type, unrouted }: Event): boolean {
  return type !== null && !unrouted;
}

function Moment({ event, hasDeliveries }: { readonly event: Event; readonly hasDeliveries: boolean }) {
  return (
    <li className="moment">
      <span className="moment-time muted">
        <Time at={event.received_at} />
      </span>
      <div className="moment-body">
        <span className="moment-head">
          <OutcomeStatus outcome={event.outcome} />
          <Link to="/events/$id" params={{ id: event.id }}>
            <bdi>{event.summary ?? event.type ?? "Event"}</bdi>
          </Link>
          {event.unrouted ? (
            <span className="tag" data-health="failing">
              no route
            </span>
          ) : null}
        </span>
        {hasDeliveries ? <Deliveries id={event.id} /> : null}
      </div>
    </li>
  );
}

function Deliveries({ id }: { readonly id: string }) {
  const names = useNames();
  const { data: event } = useQuery(eventQuery(id));
  if (event === undefined || event.deliveries.length === 0) return null;
  return (
    <ul className="moment-deliveries">
      {event.deliveries.map((delivery) => (
        <li key={delivery.id}>
          <DeliveryStatus delivery={delivery} />
          <Link to="/deliveries/$id" params={{ id: delivery.id }}>
            <bdi>{names.destination(delivery.destination_id)}</bdi>
          </Link>
          <span className="muted">{attemptsText(delivery.attempts.length)}</span>
        </li>
      ))}
    </ul>
  );
}

function attemptsText(count: number): string {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}
