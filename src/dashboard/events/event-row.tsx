import { Link } from "@tanstack/react-router";
import { Time } from "../ui/time.tsx";
import { DeliveryTag } from "./delivery-tag.tsx";
import type { EventRow } from "./events-query.ts";
import { OutcomeStatus } from "./outcome.tsx";

type EventRowProps = {
  readonly event: EventRow;
  readonly integration: string;
};

/** One event as a link, so that it can be opened in another tab. */
export function EventRowLink({ event, integration }: EventRowProps) {
  return (
    <Link to="/events/$id" params={{ id: event.id }} search={(search) => search} className="row" preload={false}>
      <span className="row-main">
        <bdi className="row-title">{event.label}</bdi>
        <span className="row-time">
          <Time at={event.received_at} />
        </span>
      </span>
      <span className="row-sub">
        <OutcomeStatus outcome={event.outcome} />
        <bdi className="row-source">{integration}</bdi>
        <span className="row-kind">
          <DeliveryTag event={event} />
        </span>
      </span>
    </Link>
  );
}
