import * as z from "zod/mini";
import type { Context } from "../../context.ts";
import { OTHER_DESTINATIONS, OTHER_INTEGRATIONS } from "../../model/series.ts";
import { readNamesOf } from "../../storage/config/names.ts";
import { type Shown, endpoint, returns } from "../endpoint.ts";
import { refuseQuery } from "../problems.ts";
import { answerSchema, documentedAs, time } from "../schema.ts";
import { GROUPINGS, type Grouping, MEASURES, type Member, addMembers, collect, valueOf } from "./collect.ts";
import { STEP_MS, windowOf } from "./window.ts";

const MAX_SERIES = 100;
/** The points of all series of an answer: a long window has fewer series. */
const MAX_POINTS_OF_ALL = 50_000;
const OTHER = "other";
const STEPS = ["minute", "hour", "day"] as const;

const instant = documentedAs(
  z.optional(
    z.pipe(
      z.iso.datetime({ offset: true, error: "must be a time such as 2026-11-20T10:00:00Z" }),
      z.transform((text: string) => Date.parse(text)),
    ),
  ),
  { type: "string", format: "date-time" },
);

const point = answerSchema(
  "MetricPoint",
  documentedAs(z.tuple([time, z.nullable(z.number())]), {
    type: "array",
    items: { anyOf: [{ type: "string" }, { type: "number" }, { type: "null" }] },
    minItems: 2,
    maxItems: 2,
    description: "The start of the step, and the value. A latency is in ms, and null if there was no attempt.",
  }),
);

const metrics = answerSchema(
  "Metrics",
  z.strictObject({
    measure: z.enum(MEASURES),
    group_by: z.enum(GROUPINGS),
    step: z.enum(STEPS),
    from: time,
    to: time,
    series: z.array(
      z.strictObject({
        group: z
          .nullable(z.strictObject({ id: z.nullable(z.string()), name: z.nullable(z.string()) }))
          .check(
            z.describe(
              "The integration or destination; its name is null if it was deleted. The id is null for all others. Null without grouping.",
            ),
          ),
        points: z.array(point),
      }),
    ),
  }),
);

function isOther({ id }: Member): boolean {
  return id === OTHER_INTEGRATIONS || id === OTHER_DESTINATIONS;
}

/** Returns the largest members, and one for all others. */
function bounded(members: readonly Member[], maxSeries: number): readonly Member[] {
  const named = members.filter((each) => !isOther(each));
  const others = [...named.slice(maxSeries), ...members.filter(isOther)];
  return [...named.slice(0, maxSeries), ...(others.length === 0 ? [] : [addMembers(OTHER, others)])];
}

type Group = Shown<typeof metrics>["series"][number]["group"];

async function groupsOf({ primary }: Context, groupBy: Grouping, members: readonly Member[]) {
  if (groupBy === "none") return (): Group => null;
  const table = groupBy === "integration" ? "integrations" : "destinations";
  const names = await readNamesOf(
    primary,
    table,
    members.map(({ id }) => id),
  );
  return ({ id }: Member): Group => (id === OTHER ? { id: null, name: OTHER } : { id, name: names.get(id) ?? null });
}

export const get = endpoint({
  id: "metrics.get",
  method: "GET",
  path: "/metrics",
  scope: "read",
  summary: "Get a measure over time",
  description:
    "`failed` counts deliveries that died, in the minute in which they did; attempts count in the minute in which they were made. Times without counts have the value 0.",
  query: {
    measure: z.enum(MEASURES, { error: `must be one of ${MEASURES.join(", ")}` }),
    group_by: z._default(z.enum(GROUPINGS, { error: `must be one of ${GROUPINGS.join(", ")}` }), "none"),
    step: z._default(z.enum(STEPS, { error: `must be one of ${STEPS.join(", ")}` }), "hour"),
    from: instant,
    to: instant,
  },
  answers: { 200: returns(metrics, "The series, the largest first.") },
}).handle(async ({ context, query }) => {
  const { measure, group_by, step } = query;
  const window = windowOf(step, query, context.clock());
  if (!window.ok) return refuseQuery([window.error]);
  const { from, count } = window.value;
  const found = await collect(context, { window: window.value, measure, group_by });
  const members =
    group_by === "none"
      ? [found[0] ?? addMembers("", [])]
      : bounded(found, Math.min(MAX_SERIES, Math.floor(MAX_POINTS_OF_ALL / count)) - 1);
  const groupOf = await groupsOf(context, group_by, members);
  const timeAt = (index: number): string => new Date(from + index * STEP_MS[step]).toISOString();
  const series = members.map((member) => ({
    group: groupOf(member),
    points: Array.from({ length: count }, (_, index): [string, number | null] => [
      timeAt(index),
      valueOf(measure, member.points.get(index)),
    ]),
  }));
  return { status: 200, body: { measure, group_by, step, from: timeAt(0), to: timeAt(count), series } };
});
