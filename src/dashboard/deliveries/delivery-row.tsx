import { Link } from "@tanstack/react-router";
import type { Delivery } from "../../client/index.ts";
import { Time } from "../ui/time.tsx";
import { attemptResult } from "./attempt-result.ts";
import { DeliveryStatus } from "./delivery-status.tsx";

type DeliveryRowProps = {
  readonly delivery: Delivery;
  readonly destination: string;
};

/** One delivery as a link, so that it can be opened in another tab. */
export function DeliveryRowLink({ delivery, destination }: DeliveryRowProps) {
  const { attempts, summary, event_type, replay_of } = delivery;
  const last = attempts.at(-1);
  return (
    <Link to="/deliveries/$id" params={{ id: delivery.id }} search={true} className="row" preload={false}>
      <span className="row-main">
        <bdi className="row-title">{summary ?? event_type ?? destination}</bdi>
        <span className="row-time">
          <Time at={delivery.created_at} />
        </span>
      </span>
      <span className="row-sub">
        <DeliveryStatus delivery={delivery} />
        <bdi className="row-source">{destination}</bdi>
        <span className="row-kind">
          {replay_of === null ? null : <span className="tag">replay</span>}{" "}
          {last === undefined ? "no attempt yet" : `attempt ${last.number}: ${attemptResult(last)}`}
        </span>
      </span>
    </Link>
  );
}
