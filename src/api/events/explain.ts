import * as z from "zod/mini";
import { Allowance } from "../../model/allowance.ts";
import { DELIVERY_STATUSES } from "../../model/delivery.ts";
import { MESSAGE_TYPES } from "../../model/event.ts";
import type { Route } from "../../model/route.ts";
import { REASONS, type RouteExplanation, explainRoute } from "../../routing/explain.ts";
import { type Reading, fixedRecipients, readingOf } from "../../routing/select.ts";
import { readConfig } from "../../storage/config/config.ts";
import { type ListedEvent, findEvent } from "../../storage/events/log.ts";
import { findIn } from "../across-shards.ts";
import { type Shown, endpoint, returns } from "../endpoint.ts";
import { encodeSlot, pageQuery } from "../paging.ts";
import { notFound } from "../problems.ts";
import { anyJson, answerSchema, idOf } from "../schema.ts";
import { noteOfListed } from "./fields.ts";

/** How long other requests may run between two routes, in ms. */
const PAUSE_MS = 0;

const failedCondition = answerSchema(
  "FailedCondition",
  z.strictObject({
    at: z.string().check(z.describe("Where the condition is in the route, such as `$or[1].data.alert.urgency.$in`.")),
    path: z.string().check(z.describe("What it looks at; empty for `$nor`.")),
    operator: z.string(),
    expected: anyJson,
    actual: anyJson.check(z.describe("Null if nothing is at the path; a list if there are several values.")),
    found: z.boolean().check(z.describe("Whether there is a value at the path.")),
  }),
);

const explainedRoute = answerSchema(
  "ExplainedRoute",
  z.strictObject({
    id: idOf("rte"),
    name: z.string(),
    enabled: z.boolean(),
    takes: z.nullable(z.boolean()).check(z.describe("Null if it was not evaluated.")),
    reason: z.nullable(z.enum([...REASONS, "not_evaluated"])).check(z.describe("Why it does not take the event.")),
    failed: z.nullable(z.array(failedCondition)).check(z.describe("Null if the conditions were not evaluated.")),
    groups: z.boolean().check(z.describe("Whether it takes events into groups.")),
    destinations: z.array(
      z.strictObject({
        id: idOf("dst"),
        name: z.nullable(z.string()),
        enabled: z.boolean(),
        paused: z.boolean().check(z.describe("Whether its deliveries wait until it is resumed.")),
        delivery: z
          .nullable(z.enum(DELIVERY_STATUSES))
          .check(z.describe("The status of the event's last delivery to it; null if there is none.")),
      }),
    ),
  }),
);

const explanation = answerSchema(
  "EventExplanation",
  z.strictObject({
    event_id: idOf("evt"),
    type: z.nullable(z.enum(MESSAGE_TYPES)),
    note: z.nullable(z.string()),
    decided_by: z
      .enum(["routes", "group"])
      .check(z.describe("The event of a group goes to the destinations that its route had as the group opened.")),
    routes: z.array(explainedRoute),
    next_cursor: z.nullable(z.string()),
  }),
);

type Judgement = Pick<Shown<typeof explainedRoute>, "takes" | "reason" | "failed">;

function judgementOf({ reason, failed }: RouteExplanation): Judgement {
  return { takes: reason === null, reason, failed };
}

/** Judges routes one by one. When the allowance is used up, the rest is not evaluated. */
async function judge(routes: readonly Route[], reading: Reading, allowance: Allowance): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for (const route of routes) {
    await allowance.pause();
    judgements.push(
      allowance.isUsedUp
        ? { takes: null, reason: "not_evaluated", failed: null }
        : judgementOf(allowance.run(() => explainRoute(route, reading, allowance))),
    );
  }
  return judgements;
}

function statusOf({ deliveries }: ListedEvent, destinationId: string) {
  return deliveries.findLast(({ destination_id }) => destination_id === destinationId)?.status ?? null;
}

export const explain = endpoint({
  id: "events.explain",
  method: "GET",
  path: "/events/{id}/explain",
  scope: "read",
  summary: "Explain which routes take an event",
  description:
    "With the routes as they are now, in the order in which they are evaluated, the oldest first: whether each would take the event and, if not, which conditions fail.",
  query: pageQuery("rte"),
  answers: { 200: returns(explanation, "The routes, with the decision of each.") },
}).handle(async ({ context, id, query: { limit, cursor } }) => {
  const located = await findIn(context, (at) => findEvent(at, id));
  if (located === null) return notFound("event");
  const event = located.found;
  const { routes, destinations } = await readConfig(context.primary);
  const left = routes.filter((route) => cursor === undefined || route.id > cursor);
  const shown = left.slice(0, limit);
  const allowance = new Allowance(context.clock, () => scheduler.wait(PAUSE_MS));
  const judgements = await judge(shown, readingOf(event, allowance), allowance);
  const last = shown.at(-1);
  return {
    status: 200,
    body: {
      event_id: event.id,
      type: event.type,
      note: noteOfListed(event),
      decided_by: fixedRecipients(event.content) === null ? "routes" : "group",
      routes: shown.map((route, index) => ({
        id: route.id,
        name: route.name,
        enabled: route.enabled,
        ...(judgements[index] ?? { takes: null, reason: "not_evaluated", failed: null }),
        groups: route.group_window_seconds > 0,
        destinations: route.destination_ids.map((destinationId) => {
          const destination = destinations.get(destinationId);
          return {
            id: destinationId,
            name: destination?.name ?? null,
            enabled: destination?.enabled ?? false,
            paused: (destination?.paused_at ?? null) !== null,
            delivery: statusOf(event, destinationId),
          };
        }),
      })),
      next_cursor: last !== undefined && left.length > shown.length ? encodeSlot(last.id) : null,
    },
  };
});
