import type { Destination } from "../../model/destination.ts";
import type { Context } from "../../context.ts";
import type { Body } from "../request/rendered-body.ts";
import type { Deliverable } from "../../model/envelope.ts";
import type { Sent } from "../request/send.ts";

/** One attempt, as a sender sees it. `body` is the same for every attempt of the delivery. */
export type Outgoing = {
  readonly delivery_id: string;
  readonly destination: Destination;
  readonly event: Deliverable;
  readonly body: Body;
};

/** Brings one attempt to a destination of its type. What the other side does is data: it rejects only for faults of our own. */
export type Sender = (context: Context, outgoing: Outgoing) => Promise<Sent>;

/** The account of an attempt of which nothing was sent. */
export function unsent(kind: "failed" | "refused", error: string): Sent {
  return { outcome: { kind }, response_body: null, error, duration_ms: 0 };
}
