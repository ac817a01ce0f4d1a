import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Delivery, WholeEvent } from "../../client/index.ts";
import { useNames } from "../api/names.ts";
import { DeliveryTrack } from "../deliveries/delivery-track.tsx";
import { RetryButton } from "../deliveries/retry-button.tsx";
import { EventRouteLinks } from "../routes/event-links.tsx";
import { durationText } from "../ui/time-text.ts";
import { Time } from "../ui/time.tsx";
import { OutcomeStatus } from "./outcome.tsx";
import { RouteReasons } from "./route-reasons.tsx";
import { type Scale, routedMs, scaleTo, storyEnd } from "./timeline.ts";

/** What became of an event, from its receipt to the next attempt, on one scale of time. */
export function Story({ event }: { readonly event: WholeEvent }) {
  const names = useNames();
  const scale = scaleTo(storyEnd(event));
  const { deliveries, note } = event;
  return (
    <section className="story" aria-labelledby="story-title">
      <div className="section-head">
        <h3 id="story-title">What became of it</h3>
      </div>
      <ol className="steps">
        <Step name="Received" health="ok">
          <span>
            by{" "}
            {event.integration_id === null ? (
              "the gateway itself"
            ) : (
              <Link to="/integrations/$id" params={{ id: event.integration_id }}>
                <bdi>{names.integration(event.integration_id)}</bdi>
              </Link>
            )}
          </span>
          <Time at={event.received_at} as="full" />
        </Step>
        <Step name="Understood" health={event.outcome === "ignored" ? "quiet" : "ok"}>
          <OutcomeStatus outcome={event.outcome} />
          {event.type === null ? null : <code>{event.type}</code>}
          {event.alert_id === null ? null : (
            <Link to="/events" search={{ alert: event.alert_id }}>
              All events of this alert
            </Link>
          )}
        </Step>
        <Step name="Routed" health={event.unrouted ? "failing" : deliveries.length === 0 ? "quiet" : "ok"}>
          <span>{routedText(event)}</span>
          {note === null ? null : <bdi className="note">{note}</bdi>}
          <RouteReasons id={event.id} />
          <EventRouteLinks id={event.id} />
        </Step>
      </ol>
      {event.groups.map(({ route_id, closes_at, event_id }) => (
        <p key={route_id} className="note">
          {`Collected by ${names.route(route_id)} into a group that closes at `}
          <Time at={closes_at} />
          {event_id === null ? null : (
            <>
              {": "}
              <Link to="/events/$id" params={{ id: event_id }}>
                the group’s event
              </Link>
            </>
          )}
        </p>
      ))}
      {deliveries.length === 0 ? null : (
        <div className="waterfall">
          <div className="waterfall-axis" aria-hidden="true">
            {scale.ticks.map(({ at, label, isCrowded }) => (
              <span key={label} className="tick" data-crowded={isCrowded} style={{ left: `${at * 100}%` }}>
                {label}
              </span>
            ))}
            <span className="tick tick-end">{durationText(scale.endMs)}</span>
          </div>
          <Arrival event={event} scale={scale} />
          {deliveries.map((delivery) => (
            <DeliveryTrack
              key={delivery.id}
              delivery={delivery}
              event={event}
              scale={scale}
              action={
                <>
                  <Chain delivery={delivery} all={deliveries} />
                  <RetryButton delivery={delivery} />
                </>
              }
            />
          ))}
        </div>
      )}
    </section>
  );
}

/** The first lane of the waterfall: from the receipt until the deliveries were made. */
function Arrival({ event, scale }: { readonly event: WholeEvent; readonly scale: Scale }) {
  const endMs = routedMs(event);
  if (endMs === null) return null;
  const { start, width } = scale.barOf(0, endMs);
  return (
    <div className="track">
      <div className="attempt-line">
        <span className="arrival-name">
          Routed <span className="muted">after {durationText(endMs)}</span>
        </span>
        <span className="lane" aria-hidden="true">
          <span className="bar bar-arrival" style={{ left: `${start * 100}%`, width: `${width * 100}%` }} />
        </span>
      </div>
    </div>
  );
}

type ChainProps = { readonly delivery: Delivery; readonly all: WholeEvent["deliveries"] };

/** Links a replay with the delivery that it repeats, and that one with its replay. */
function Chain({ delivery: { replay_of, replayed_by }, all }: ChainProps) {
  const earlier = all.find(({ id }) => id === replay_of);
  const later = all.find(({ id }) => id === replayed_by);
  return (
    <>
      {earlier === undefined ? null : (
        <Link to="/deliveries/$id" params={{ id: earlier.id }} className="small">
          repeats that of <Time at={earlier.created_at} />
        </Link>
      )}
      {later === undefined ? null : (
        <Link to="/deliveries/$id" params={{ id: later.id }} className="small">
          repeated at <Time at={later.created_at} />
        </Link>
      )}
    </>
  );
}

function routedText({ deliveries, groups, unrouted }: WholeEvent): string {
  if (unrouted) return "To no destination.";
  if (deliveries.length === 1) return "To one destination.";
  if (deliveries.length > 1) return `To ${deliveries.length} destinations.`;
  return groups.length > 0 ? "Into a group." : "Nothing is delivered.";
}

type StepProps = { readonly name: string; readonly health: "ok" | "failing" | "quiet"; readonly children: ReactNode };

function Step({ name, health, children }: StepProps) {
  return (
    <li className="step" data-health={health}>
      <span className="step-dot" aria-hidden="true" />
      <span className="step-name">{name}</span>
      <span className="step-body">{children}</span>
    </li>
  );
}
