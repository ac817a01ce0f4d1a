import * as z from "zod/mini";
import type { Repeated } from "../../delivery/attempts/transitions.ts";
import type { Context } from "../../context.ts";
import { replayEvent } from "../../delivery/replay/replay.ts";
import type { Destination } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import type { Problem } from "../../net/problem.ts";
import { deleteFailedContent, retransform } from "../../pipeline/retransform.ts";
import { type Recipient, readingOf, selectRoutes } from "../../routing/select.ts";
import { type ConfigSnapshot, readConfig } from "../../storage/config/config.ts";
import { resolveNames } from "../../storage/config/external-ids.ts";
import { type ListedEvent, findEvent } from "../../storage/events/log.ts";
import { recordAction } from "../audit/record.ts";
import { findIn } from "../across-shards.ts";
import { delivery, viewDeliveryOf } from "../deliveries/fields.ts";
import { endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { notFound, refuseBody } from "../problems.ts";
import { answerSchema, idOf, requestSchema } from "../schema.ts";
import { refuseDelivery, refuseReplay } from "./replayable.ts";

const MAX_DESTINATIONS = 100;

const replayRequest = requestSchema(
  "EventReplayRequest",
  z.strictObject({
    destination_ids: z.optional(
      z
        .array(z.string().check(z.maxLength(100)))
        .check(z.minLength(1, "must not be empty: omit it to replay to all"), z.maxLength(MAX_DESTINATIONS)),
    ),
  }),
);
const replayedEvent = answerSchema("ReplayedEvent", z.strictObject({ id: idOf("evt"), deliveries: z.array(delivery) }));

/** Runs the transformation of an event again. Returns the event with its deliveries, or why there are none. */
async function replayFailed(
  at: Context,
  event: ListedEvent,
  named: readonly string[] | undefined,
): Promise<Result<ListedEvent, Problem>> {
  const { content } = event;
  if (content === null) return refuseDelivery(event) ?? notFound("event");
  if (named !== undefined) {
    const message = "cannot be chosen for this event: routes do so once its transformation has succeeded";
    return refuseBody([{ path: "destination_ids", message }]);
  }
  await retransform(at, [{ ...event, content }]);
  const after = await findEvent(at, event.id);
  if (after === null) return notFound("event");
  if (after.outcome !== "transformation_failed") {
    await deleteFailedContent(at, [event.id]);
    return ok(after);
  }
  const title = "The transformation of this event fails again.";
  return fail({ code: "not_deliverable", title, detail: "Mend the transformation, and replay the event then." });
}

/** What a new delivery to a destination repeats: the event's last delivery to it, or the event itself. */
function repeatedOf(event: ListedEvent, owed: readonly Recipient[], destination_id: string): Repeated {
  const last = event.deliveries.findLast((each) => each.destination_id === destination_id);
  if (last !== undefined) return { destination_id, route_id: last.route_id, replay_of: last.id };
  const route = owed.find((each) => each.destination_id === destination_id);
  return { destination_id, route_id: route?.route_id ?? null, replay_of: event.id };
}

function errorsOf(ids: readonly string[], destinations: ReadonlyMap<string, Destination>): FieldError[] {
  return ids.flatMap((id, index) => {
    const destination = destinations.get(id);
    const path = `destination_ids[${index}]`;
    if (destination === undefined) return [{ path, message: "is not the id of a destination" }];
    return destination.enabled ? [] : [{ path, message: "is the id of a disabled destination" }];
  });
}

/** The destinations that the routes would deliver an event to now. */
function owedNow(event: ListedEvent, { routes }: ConfigSnapshot): readonly Recipient[] {
  const { type } = event;
  return type === null ? [] : selectRoutes(routes, readingOf({ ...event, type })).recipients;
}

/** The deliveries to repeat: to the named destinations, else to those of the event's deliveries, else to those of routes. */
function repeatedBy(
  event: ListedEvent,
  owed: readonly Recipient[],
  { destinations }: ConfigSnapshot,
  named: readonly string[] | undefined,
): Result<readonly Repeated[], Problem> {
  if (named !== undefined) {
    const errors = errorsOf(named, destinations);
    return errors.length > 0 ? refuseBody(errors) : ok([...new Set(named)].map((id) => repeatedOf(event, owed, id)));
  }
  const known = event.deliveries.length > 0 ? event.deliveries : owed;
  const ids = new Set(known.map((each) => each.destination_id));
  const enabled = [...ids].filter((id) => destinations.get(id)?.enabled === true);
  if (enabled.length > 0) return ok(enabled.map((id) => repeatedOf(event, owed, id)));
  return fail({ code: "no_destination", title: "No enabled destination is owed this event." });
}

export const replay = endpoint({
  id: "events.replay",
  method: "POST",
  path: "/events/{id}/replay",
  scope: "write",
  summary: "Deliver an event again",
  description:
    "To the named destinations; otherwise to those that it was delivered to, or that the routes would deliver it to now. An event whose transformation failed passes it again first, with the payload that arrived, and its routes decide.",
  body: optionalJsonBody(replayRequest),
  answers: { 200: returns(replayedEvent, "The new deliveries.") },
  problems: { 409: "Its content is gone, it has no deliverable outcome, or no destination is owed it." },
}).handle(async (request) => {
  const { context, id, body } = request;
  const located = await findIn(context, (at) => findEvent(at, id));
  if (located === null) return notFound("event");
  const { at, found: event } = located;
  if (event.outcome === "transformation_failed") {
    await recordAction(request, "event.replayed", { id: event.id }, {});
    const replayed = await replayFailed(at, event, body.destination_ids);
    if (!replayed.ok) return replayed;
    const { value: after } = replayed;
    return {
      status: 200,
      body: { id: event.id, deliveries: after.deliveries.map((each) => viewDeliveryOf(after, each)) },
      shows: after.alert_id ?? event.id,
    };
  }
  const refusal = refuseReplay(event);
  if (refusal !== null) return refusal;
  const config = await readConfig(context.primary);
  const known = await resolveNames(context.primary, "dst", body.destination_ids ?? []);
  const named = body.destination_ids?.map((name) => known.get(name) ?? name);
  const repeated = repeatedBy(event, owedNow(event, config), config, named);
  if (!repeated.ok) return repeated;
  const destination_ids = repeated.value.map(({ destination_id }) => destination_id);
  await recordAction(request, "event.replayed", { id: event.id }, { destination_ids });
  const deliveries = await replayEvent(at, event.id, repeated.value, context.mint("rpl").id);
  if (deliveries === null) return notFound("event");
  const shown = deliveries.map((each) => viewDeliveryOf(event, each));
  return { status: 200, body: { id: event.id, deliveries: shown }, shows: event.alert_id ?? event.id };
});
