import * as z from "zod/mini";
import { MAX_LOGGED_RUNS } from "../../model/transformation-run.ts";
import { readRuns } from "../../storage/config/transformation-runs.ts";
import { findTransformation } from "../../storage/config/transformations.ts";
import { endpoint, returns } from "../endpoint.ts";
import { notFound } from "../problems.ts";
import { answerSchema, time } from "../schema.ts";

const run = z.strictObject({
  at: time,
  event_id: z.string().check(z.describe("The event that it was for, at a destination too.")),
  version: z.int(),
  ok: z.boolean(),
  duration_ms: z.number(),
  logs: z.array(z.string()).check(z.describe("What the code wrote with `console`; long lines are cut.")),
  error: z.nullable(z.string()),
  line: z.nullable(z.int()).check(z.describe("The line of the code in which it failed; null if it is unknown.")),
});
const runList = answerSchema("TransformationRunList", z.strictObject({ data: z.array(run) }));

export const listRuns = endpoint({
  id: "transformations.runs.list",
  method: "GET",
  path: "/transformations/{id}/runs",
  scope: "read",
  summary: "List the last runs of a transformation",
  description: `Those that failed or wrote lines, at most ${MAX_LOGGED_RUNS}. They appear some seconds later. The log is for finding faults: of an isolate that ends, the last ones are lost.`,
  answers: { 200: returns(runList, "The runs, newest first.") },
}).handle(async ({ context, id }) => {
  const stored = await findTransformation(context.primary, id);
  if (stored === null) return notFound("transformation");
  const runs = await readRuns(context.primary, id);
  return { status: 200, body: { data: runs.map((each) => ({ ...each, logs: [...each.logs] })) } };
});
