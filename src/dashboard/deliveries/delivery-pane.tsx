import { XIcon } from "@phosphor-icons/react/dist/csr/X";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Delivery } from "../../client/index.ts";
import { useNames } from "../api/names.ts";
import { eventQuery } from "../events/event-query.ts";
import { eventTitle } from "../events/event-title.ts";
import { scaleTo, storyEnd } from "../events/timeline.ts";
import { useTitle } from "../shell/title.ts";
import { Failed, Loading } from "../ui/states.tsx";
import { deliveryQuery } from "./deliveries-query.ts";
import { DeliveryTrack } from "./delivery-track.tsx";
import { ReplayDelivery } from "./replay-delivery.tsx";
import { RetryButton } from "./retry-button.tsx";

const route = getRouteApi("/app/deliveries/$id");

/** One delivery beside the list: its attempts and the way to its event. */
export function DeliveryPane() {
  const { id } = route.useParams();
  const names = useNames();
  const { data: delivery, error, isPending, refetch } = useQuery(deliveryQuery(id));
  const name = delivery === undefined ? "Delivery" : names.destination(delivery.destination_id);
  useTitle(`Delivery to ${name}`);
  return (
    <article className="detail" aria-label="Delivery" key={id}>
      <div className="detail-head">
        <div className="detail-titles">
          <h2>
            <bdi>{name}</bdi>
          </h2>
          <code className="muted">{id}</code>
        </div>
        {delivery === undefined ? null : (
          <>
            <RetryButton delivery={delivery} isMain />
            <ReplayDelivery delivery={delivery} />
          </>
        )}
        <Link to="/deliveries" search={true} className="close" aria-label="Close the delivery" title="Close">
          <XIcon size={18} aria-hidden="true" />
        </Link>
      </div>
      {isPending ? <Loading label="Loading the delivery" /> : null}
      {delivery === undefined && error !== null ? <Failed error={error} onRetry={() => void refetch()} /> : null}
      {delivery === undefined ? null : <Attempts delivery={delivery} />}
    </article>
  );
}

function Attempts({ delivery }: { readonly delivery: Delivery }) {
  const names = useNames();
  const { replay_of, replayed_by } = delivery;
  const { data: event } = useQuery(eventQuery(delivery.event_id));
  // The event may have expired before its delivery: the scale then begins with the delivery.
  const received_at = event?.received_at ?? delivery.created_at;
  const scale = scaleTo(storyEnd({ received_at, deliveries: [delivery] }));
  return (
    <>
      <dl className="facts">
        <Fact name="Event">
          <Link to="/events/$id" params={{ id: delivery.event_id }}>
            <bdi>{event === undefined ? delivery.event_id : eventTitle(event)}</bdi>
          </Link>
        </Fact>
        <Fact name="Destination">
          <Link to="/destinations/$id" params={{ id: delivery.destination_id }} search={{}}>
            <bdi>{names.destination(delivery.destination_id)}</bdi>
          </Link>
        </Fact>
        <Fact name="Route">
          {delivery.route_id === null ? (
            <bdi>{names.route(delivery.route_id)}</bdi>
          ) : (
            <Link to="/routes/$id" params={{ id: delivery.route_id }} search={{}}>
              <bdi>{names.route(delivery.route_id)}</bdi>
            </Link>
          )}
        </Fact>
        {replay_of === null || replay_of === delivery.event_id ? null : (
          <Fact name="Repeats">
            <Link to="/deliveries/$id" params={{ id: replay_of }} search={true}>
              an earlier delivery
            </Link>
          </Fact>
        )}
        {Object.entries(delivery.captured ?? {}).map(([name, value]) => (
          <Fact key={name} name={`Kept as ${name}`}>
            <bdi>{value}</bdi>
          </Fact>
        ))}
        {replayed_by === null ? null : (
          <Fact name="Replayed">
            <Link to="/deliveries/$id" params={{ id: replayed_by }} search={true}>
              by a later delivery
            </Link>
          </Fact>
        )}
      </dl>
      <section aria-labelledby="attempts-title">
        <div className="section-head">
          <h3 id="attempts-title">Attempts</h3>
        </div>
        <div className="waterfall">
          <DeliveryTrack delivery={delivery} event={{ received_at }} scale={scale} />
        </div>
      </section>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
