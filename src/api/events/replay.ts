import type { PrimaryDatabase } from "../../platform/shards.ts";
import * as z from "zod/mini";
import { replayEvent } from "../../delivery/replay/replay.ts";
import type { Repeated } from "../../delivery/attempts/transitions.ts";
import type { Problem } from "../../net/problem.ts";
import type { Destination } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { type Recipient, readingOf, selectRoutes } from "../../routing/select.ts";
import { type ConfigSnapshot, readConfig } from "../../storage/config/config.ts";
import { type ListedEvent, findEvent } from "../../storage/events/list-events.ts";
import { MAX_DELIVERIES } from "../../storage/events/replays.ts";
import { parseBody } from "../body.ts";
import { findIn } from "../across-shards.ts";
import type { Verb } from "../call.ts";
import { notFound, refuseBody } from "../problems.ts";

const MAX_DESTINATIONS = 100;

export const body = z.strictObject({
  destination_ids: z.optional(
    z
      .array(z.string().check(z.maxLength(100)))
      .check(z.minLength(1, "may not be empty: leave it out to replay to all"), z.maxLength(MAX_DESTINATIONS)),
  ),
});

/** What keeps an event from being told; null where nothing does. */
export function whyNotTold({ type, content }: ListedEvent): Problem | null {
  if (content === null) return { status: 409, title: "The content of this event was erased, or is gone." };
  if (type === null) return { status: 409, title: "Nobody is told of this event: it came to nothing." };
  return null;
}

/** What keeps an event from having more deliveries; null where nothing does. */
export function whyNotReplayed(event: ListedEvent): Problem | null {
  if (event.deliveries.length < MAX_DELIVERIES) return whyNotTold(event);
  return { status: 409, title: `This event has ${MAX_DELIVERIES} deliveries, and takes no more.` };
}

/** Destinations as they are now, not as an isolate may still remember them. */
export async function readDestinations(db: PrimaryDatabase): Promise<ReadonlyMap<string, Destination>> {
  return (await readConfig(db)).destinations;
}

/** What repeating to a destination repeats: the event's last delivery to it, or the event. */
function repeatedOf(event: ListedEvent, owed: readonly Recipient[], destination_id: string): Repeated {
  const last = event.deliveries.findLast((each) => each.destination_id === destination_id);
  if (last !== undefined) return { destination_id, route_id: last.route_id, replay_of: last.id };
  const route = owed.find((each) => each.destination_id === destination_id);
  return { destination_id, route_id: route?.route_id ?? null, replay_of: event.id };
}

function faultsOf(ids: readonly string[], destinations: ReadonlyMap<string, Destination>): FieldError[] {
  return ids.flatMap((id, index) => {
    const destination = destinations.get(id);
    const path = `destination_ids[${index}]`;
    if (destination === undefined) return [{ path, message: "is not the id of a destination" }];
    return destination.enabled ? [] : [{ path, message: "is the id of a destination that is disabled" }];
  });
}

/** Whom routes would tell of an event now. */
function owedNow(event: ListedEvent, { routes }: ConfigSnapshot): readonly Recipient[] {
  const { type } = event;
  return type === null ? [] : selectRoutes(routes, readingOf({ ...event, type })).recipients;
}

/** Whom an event is to be told again: those that are named, else those that it has deliveries for, else who is owed it now. */
function repeatedBy(
  event: ListedEvent,
  owed: readonly Recipient[],
  { destinations }: ConfigSnapshot,
  named: readonly string[] | undefined,
): Result<readonly Repeated[], Problem> {
  if (named !== undefined) {
    const faults = faultsOf(named, destinations);
    return faults.length > 0 ? refuseBody(faults) : ok([...new Set(named)].map((id) => repeatedOf(event, owed, id)));
  }
  const told = event.deliveries.length > 0 ? event.deliveries : owed;
  const ids = new Set(told.map((each) => each.destination_id));
  const enabled = [...ids].filter((id) => destinations.get(id)?.enabled === true);
  if (enabled.length > 0) return ok(enabled.map((id) => repeatedOf(event, owed, id)));
  return fail({ status: 409, title: "There is no destination that is enabled and owed this event." });
}

/** Makes new deliveries of an event. */
export const replayByHand: Verb = async (call) => {
  const given = parseBody(call.bodyText.trim() === "" ? "{}" : call.bodyText, body);
  if (!given.ok) return given;
  const where = await findIn(call.context, (at) => findEvent(at, call.id));
  if (where === null) return notFound("event");
  const { context, found: event } = where;
  const unable = whyNotReplayed(event);
  if (unable !== null) return fail(unable);
  const catalog = await readConfig(call.context.primary);
  const repeated = repeatedBy(event, owedNow(event, catalog), catalog, given.value.destination_ids);
  if (!repeated.ok) return repeated;
  const deliveries = await replayEvent(context, event.id, repeated.value, call.context.mint("rpl").id);
  return deliveries === null ? notFound("event") : ok({ status: 200, body: { id: event.id, deliveries } });
};
