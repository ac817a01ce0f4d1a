import { type CancelReason, cancel } from "../../delivery/attempts/transitions.ts";
import type { Problem } from "../../net/problem.ts";
import { type Result, ok } from "../../model/result.ts";
import { eraseEvent } from "../../storage/events/erase.ts";
import { type ListedEvent, findEvent } from "../../storage/events/list-events.ts";
import { findIn } from "../across-shards.ts";
import type { Call } from "../call.ts";
import { notFound } from "../problems.ts";

const REASON: CancelReason = "content_erased";

/** Erases what an event says, at once and for good; answers what is left of it. */
export async function eraseByHand(call: Call): Promise<Result<ListedEvent, Problem>> {
  const now = new Date().toISOString();
  const where = await findIn(call.context, async (at) => {
    const isErased = await eraseEvent(at, call.id, (delivery) => cancel(delivery, REASON, now));
    return isErased ? await findEvent(at, call.id) : null;
  });
  return where === null ? notFound("event") : ok(where.found);
}
