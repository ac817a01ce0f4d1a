import { Link } from "@tanstack/react-router";
import type { Delivery } from "../../client/index.ts";
import { attemptResult } from "../deliveries/attempt-result.ts";
import { DeliveryStatus } from "../deliveries/delivery-status.tsx";
import { RetryButton } from "../deliveries/retry-button.tsx";
import { Time } from "../ui/time.tsx";

/** One of a destination's recent deliveries, with its last result. */
export function DeliveryRowLink({ delivery }: { readonly delivery: Delivery }) {
  const { id, summary, event_type, attempts, created_at, replayed_by } = delivery;
  const last = attempts.at(-1);
  return (
    <div className="line">
      <DeliveryStatus delivery={delivery} />
      <Link to="/deliveries/$id" params={{ id }} className="line-title">
        <bdi>{summary ?? event_type ?? id}</bdi>
      </Link>
      {replayed_by === null ? null : <span className="tag">replayed</span>}
      <span className="muted small">
        {last === undefined ? "no attempt yet" : `attempt ${last.number}: ${attemptResult(last)}`}
      </span>
      <span className="muted small">
        <Time at={created_at} as="relative" />
      </span>
      <RetryButton delivery={delivery} />
    </div>
  );
}
