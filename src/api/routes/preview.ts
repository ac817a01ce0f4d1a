import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { MESSAGE_TYPES } from "../../model/event.ts";
import { type FieldError, type Result, ok } from "../../model/result.ts";
import type { Route } from "../../model/route.ts";
import type { Problem } from "../../net/problem.ts";
import { checkRoute, readingOf } from "../../routing/select.ts";
import { SHOWS_MANY } from "../../storage/config/api-idempotency-keys.ts";
import { resolveNames } from "../../storage/config/external-ids.ts";
import { findRoute } from "../../storage/config/routes.ts";
import { type ListedEvent, type ListedPage, findEvent, listEvents } from "../../storage/events/log.ts";
import type { PageQuery } from "../../storage/tables.ts";
import { atEachShard, findIn, listIn, slotById } from "../across-shards.ts";
import { type Shown, endpoint, optionalJsonBody, returns } from "../endpoint.ts";
import { notFound, refuseBody } from "../problems.ts";
import { answerSchema, idOf, requestSchema, time } from "../schema.ts";
import { routeChange } from "./fields.ts";

const MAX_EVENTS = 100;
const DEFAULT_EVENTS = 20;

export const previewRequest = requestSchema(
  "RoutePreviewRequest",
  z.extend(routeChange, {
    event_ids: z.optional(
      z
        .array(z.string().check(z.maxLength(100)))
        .check(z.minLength(1, "must name at least one event"), z.maxLength(MAX_EVENTS)),
    ),
    limit: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_EVENTS))),
  }),
);
const judged = z.strictObject({
  event_id: idOf("evt"),
  integration_id: z.nullable(idOf("int")).check(z.describe("Null for the gateway's own events.")),
  title: z.nullable(z.string()),
  received_at: time,
  type: z.nullable(z.enum(MESSAGE_TYPES)),
  matches: z.boolean(),
  reason: z
    .nullable(z.enum(["disabled", "integration", "event_type", "match"]))
    .check(z.describe("Why the route does not take the event.")),
});
const routePreview = answerSchema("RoutePreview", z.strictObject({ data: z.array(judged), matched: z.int() }));

type Judged = Shown<typeof judged>;

function judge(route: Route, event: ListedEvent): Judged {
  const { id, integration_id, title, received_at, type } = event;
  const { refusal } = checkRoute(route, readingOf(event));
  return {
    event_id: id,
    integration_id: integration_id === "" ? null : integration_id,
    title,
    received_at,
    type,
    matches: refusal === null,
    reason: refusal,
  };
}

async function judgeNewest(context: Context, route: Route, limit: number): Promise<readonly Judged[]> {
  const lines: Judged[] = [];
  let before: string | null = null;
  do {
    // Pages are shorter if bodies are large, so that memory never holds all of them.
    const page: PageQuery = { limit: limit - lines.length, before, shares: context.shards.length };
    const { rows, next }: ListedPage<ListedEvent> = await listIn(atEachShard(context), page.limit, slotById, (at) =>
      listEvents(at, page, {}),
    );
    lines.push(...rows.map((event) => judge(route, event)));
    before = next;
  } while (before !== null && lines.length < limit);
  return lines;
}

async function judgeNamed(
  context: Context,
  route: Route,
  ids: readonly string[],
): Promise<Result<readonly Judged[], Problem>> {
  const lines: Judged[] = [];
  const errors: FieldError[] = [];
  for (const [index, id] of ids.entries()) {
    const event = (await findIn(context, (at) => findEvent(at, id)))?.found ?? null;
    if (event === null) errors.push({ path: `event_ids[${index}]`, message: "is not the id of an event" });
    else lines.push(judge(route, event));
  }
  return errors.length > 0 ? refuseBody(errors) : ok(lines);
}

/** The route with the given fields in place of the stored ones. */
function withChanges(route: Route, changes: object): Route {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...route, ...Object.fromEntries(given) };
}

type Body = Shown<typeof previewRequest>;

/** Judges events by a route with the fields of the request in place of its own. */
export async function previewOf(context: Context, route: Route, body: Body) {
  const { event_ids, limit, ...changes } = body;
  const named = await resolveNames(context.primary, "int", changes.integration_ids ?? []);
  const integration_ids = changes.integration_ids?.map((name) => named.get(name) ?? name);
  const changed = withChanges(route, { ...changes, ...(integration_ids === undefined ? {} : { integration_ids }) });
  const lines =
    event_ids === undefined
      ? ok(await judgeNewest(context, changed, limit ?? DEFAULT_EVENTS))
      : await judgeNamed(context, changed, event_ids);
  if (!lines.ok) return lines;
  const matched = lines.value.filter(({ matches }) => matches).length;
  return { status: 200, body: { data: lines.value, matched }, shows: SHOWS_MANY } as const;
}

export const answers = { 200: returns(routePreview, "The events, with the route's decision on each.") };

export const preview = endpoint({
  id: "routes.preview",
  method: "POST",
  path: "/routes/{id}/preview",
  scope: "write",
  summary: "Show which events a route takes",
  description: "With the given fields in place of the stored ones. Nothing is stored or sent.",
  body: optionalJsonBody(previewRequest),
  answers,
}).handle(async ({ context, id, body }) => {
  const stored = await findRoute(context.primary, id);
  return stored === null ? notFound("route") : await previewOf(context, stored, body);
});
