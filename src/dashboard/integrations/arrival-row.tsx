import { Link } from "@tanstack/react-router";
import { DeliveryTag } from "../events/delivery-tag.tsx";
import { eventTitle } from "../events/event-title.ts";
import { OutcomeStatus } from "../events/outcome.tsx";
import { Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { type Arrival, rejectionReason } from "./arrivals.ts";

type ArrivalRowProps = {
  readonly arrival: Arrival;
  readonly integrationId: string;
  readonly isSelected: boolean;
};

/** One arrival of the inspector as a link that opens it beside the list. */
export function ArrivalRow({ arrival, integrationId, isSelected }: ArrivalRowProps) {
  return (
    <Link
      to="/integrations/$id"
      params={{ id: integrationId }}
      search={({ tab }) => ({
        ...(tab !== undefined && { tab }),
        ...(arrival.kind === "event" ? { event: arrival.key } : { rejection: arrival.key }),
      })}
      replace
      resetScroll={false}
      preload={false}
      activeOptions={{ exact: true }}
      className="row"
      {...(isSelected && { "aria-current": "true" as const })}
    >
      <span className="row-main">
        <bdi className="row-title">{titleOf(arrival)}</bdi>
        <span className="row-time">
          <Time at={arrival.at} />
        </span>
      </span>
      <span className="row-sub">
        {arrival.kind === "event" ? (
          <>
            <OutcomeStatus outcome={arrival.event.outcome} />
            <span className="row-kind">
              <DeliveryTag event={arrival.event} />
            </span>
          </>
        ) : (
          <>
            <Status health="dead">{`refused ${arrival.rejection.status}`}</Status>
            <span className="row-kind">{countText(arrival.rejection.count)}</span>
          </>
        )}
      </span>
    </Link>
  );
}

function titleOf(arrival: Arrival): string {
  if (arrival.kind === "rejection") return rejectionReason(arrival.rejection.code).title;
  return eventTitle(arrival.event);
}

export function countText(count: number): string {
  return count === 1 ? "1 request" : `${count} requests`;
}
