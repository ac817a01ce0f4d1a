import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Delivery, Event, WholeEvent } from "../../client/index.ts";
import { attemptResult } from "../deliveries/attempt-result.ts";
import { eventQuery } from "../events/event-query.ts";
import { durationText } from "../ui/time-text.ts";

type DeliveryStepProps = { readonly event: Event; readonly delivered: Delivery | null };

/** What became of the first event. */
export function DeliveryStep({ event, delivered }: DeliveryStepProps) {
  const { data: whole } = useQuery({ ...eventQuery(event.id), enabled: delivered === null });
  const id = delivered?.event_id ?? event.id;
  return (
    <>
      <p role="status">{delivered === null ? pendingText(whole) : deliveredText(delivered)}</p>
      <p>
        <Link to="/events/$id" params={{ id }}>
          Show the event
        </Link>
        {delivered === null ? null : (
          <>
            {", "}
            <Link to="/destinations/new">add another destination</Link>
            {", or "}
            <Link to="/routes">filter what is delivered</Link>
          </>
        )}
      </p>
    </>
  );
}

function deliveredText({ attempts }: Delivery): string {
  const last = attempts.at(-1);
  if (last === undefined) return "The destination accepted it.";
  const status = last.status === null ? "" : `: ${attemptResult(last)}`;
  return `The destination accepted it${status} after ${durationText(last.duration_ms)}.`;
}

function pendingText(event: WholeEvent | undefined): string {
  if (event === undefined) return "Delivering…";
  const [delivery] = event.deliveries;
  if (delivery === undefined) {
    if (event.unrouted) return "It arrived, but no route takes it.";
    return event.note ?? "It arrived, but it is nothing to deliver. Send another one.";
  }
  const last = delivery.attempts.at(-1);
  if (last === undefined) return "Delivering…";
  const reason = last.error ?? `the destination returned ${attemptResult(last)}`;
  return delivery.status === "dead" ? `The delivery failed: ${reason}` : `Another attempt follows: ${reason}`;
}
