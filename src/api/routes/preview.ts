import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import type { Problem } from "../../net/problem.ts";
import { type FieldError, type Result, ok } from "../../model/result.ts";
import type { Route } from "../../model/route.ts";
import { type Refusal, checkRoute, readingOf } from "../../routing/select.ts";
import { type ListedEvent, type ListedPage, findEvent, listEvents } from "../../storage/events/list-events.ts";
import { findRoute } from "../../storage/config/routes.ts";
import type { PageQuery } from "../../storage/tables.ts";
import { parseBody } from "../body.ts";
import { atEachShard, findIn, listIn, slotById } from "../across-shards.ts";
import type { Verb } from "../call.ts";
import { notFound, refuseBody } from "../problems.ts";
import { routeChange } from "./fields.ts";

const MAX_EVENTS = 100;
const DEFAULT_EVENTS = 20;

export const previewed = z.extend(routeChange, {
  event_ids: z.optional(
    z.array(z.string().check(z.maxLength(100))).check(z.minLength(1, "has to name an event"), z.maxLength(MAX_EVENTS)),
  ),
  limit: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_EVENTS))),
});

type Line = {
  readonly event_id: string;
  readonly type: string | null;
  readonly matches: boolean;
  readonly reason: Refusal | null;
};

function lineOf(route: Route, event: ListedEvent): Line {
  const { id: event_id, type } = event;
  const { refusal } = checkRoute(route, readingOf(event));
  return { event_id, type, matches: refusal === null, reason: refusal };
}

async function newest(context: Context, route: Route, limit: number): Promise<readonly Line[]> {
  const lines: Line[] = [];
  let before: string | null = null;
  do {
    // A page is shorter where bodies are large, so that they are never all in memory.
    const page: PageQuery = { limit: limit - lines.length, before, shares: context.shards.length };
    const { rows, next }: ListedPage<ListedEvent> = await listIn(atEachShard(context), page.limit, slotById, (at) =>
      listEvents(at, page, {}),
    );
    lines.push(...rows.map((event) => lineOf(route, event)));
    before = next;
  } while (before !== null && lines.length < limit);
  return lines;
}

async function named(
  context: Context,
  route: Route,
  ids: readonly string[],
): Promise<Result<readonly Line[], Problem>> {
  const lines: Line[] = [];
  const faults: FieldError[] = [];
  for (const [index, id] of ids.entries()) {
    const event = (await findIn(context, (at) => findEvent(at, id)))?.found ?? null;
    if (event === null) faults.push({ path: `event_ids[${index}]`, message: "names no event" });
    else lines.push(lineOf(route, event));
  }
  return faults.length > 0 ? refuseBody(faults) : ok(lines);
}

/** A value for each field that was given; one that was left out stays as it is stored. */
function withChanges(route: Route, changes: z.output<typeof routeChange>): Route {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...route, ...Object.fromEntries(given) };
}

/** Shows which stored events a route would take, as it is stored or with other fields in place. Nothing is sent. */
export const previewRoute: Verb = async (call) => {
  const stored = await findRoute(call.context.primary, call.id);
  if (stored === null) return notFound("route");
  const body = parseBody(call.bodyText.trim() === "" ? "{}" : call.bodyText, previewed);
  if (!body.ok) return body;
  const { event_ids, limit, ...changes } = body.value;
  const route = withChanges(stored, changes);
  const lines =
    event_ids === undefined
      ? ok(await newest(call.context, route, limit ?? DEFAULT_EVENTS))
      : await named(call.context, route, event_ids);
  if (!lines.ok) return lines;
  const matched = lines.value.filter((line) => line.matches).length;
  return ok({ status: 200, body: { data: lines.value, matched } });
};
