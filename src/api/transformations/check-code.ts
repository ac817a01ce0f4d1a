import type { Context } from "../../context.ts";
import { type FieldError, MAX_ERRORS, type Result, fail, ok } from "../../model/result.ts";
import type { Problem } from "../../net/problem.ts";
import { type TransformationRunner, transformationRunnerOf } from "../../transformations/runner.ts";
import { refuseBody } from "../problems.ts";
import type { Refusal } from "../request.ts";
import { inSlot } from "./slots.ts";

/** What to do if the deployment cannot run transformations. */
const NO_RUNNER =
  'needs the binding LOADER: deploy with `npm run deploy -- --plan paid`, or add [[worker_loaders]] with binding = "LOADER" to wrangler.toml';

/** Code at a path of the request's body. */
export type GivenCode = { readonly path: string; readonly code: string };

/** Returns what runs code of users, or the refusal of the field with the code if the deployment has nothing that does. */
export function runnerFor({ env }: Context, path: string): Result<TransformationRunner, Problem> {
  const runner = transformationRunnerOf(env);
  return runner === null ? refuseBody([{ path, message: NO_RUNNER }]) : ok(runner);
}

/** For requests that find all slots taken. */
export function refuseBusy(): Refusal {
  return fail({
    code: "too_many_runs",
    title: "Too many transformations run at once.",
    headers: { "retry-after": "1" },
  });
}

function refuseUnavailable(detail: string): Refusal {
  return fail({
    code: "transformations_unavailable",
    title: "The runtime of transformations did not respond.",
    detail,
    headers: { "retry-after": "5" },
  });
}

/** Runs code once without an event, which shows whether it compiles and has a default export. Other faults are no concern here. */
async function faultOf(
  runner: TransformationRunner,
  { path, code }: GivenCode,
): Promise<Result<FieldError | null, Problem>> {
  const run = await runner.run({ code, input: null, context: { now: "1970-01-01T00:00:00.000Z", seed: "" } });
  if (run.ok) return ok(null);
  const { fault } = run;
  switch (fault.code) {
    case "syntax": {
      const at = fault.line === null ? "" : ` (line ${fault.line})`;
      return ok({ path, message: `is not valid JavaScript: ${fault.message}${at}` });
    }
    case "no_default_export":
      return ok({ path, message: "must export a function by default: export default function (event, context) { … }" });
    case "unavailable":
      return refuseUnavailable(fault.message);
    case "exception":
    case "cpu_limit":
    case "time_limit":
    case "memory_limit":
    case "output_too_large":
    case "not_json":
      return ok(null);
  }
}

async function checkEach(runner: TransformationRunner, given: readonly GivenCode[]): Promise<Result<null, Problem>> {
  const errors: FieldError[] = [];
  for (const each of given) {
    const found = await faultOf(runner, each);
    if (!found.ok) return found;
    if (found.value !== null) errors.push(found.value);
    if (errors.length >= MAX_ERRORS) break;
  }
  return errors.length > 0 ? refuseBody(errors) : ok(null);
}

/** Checks whether code is a module with a default export. Nothing is checked if none is given. */
export async function checkCode(context: Context, given: readonly GivenCode[]): Promise<Result<null, Problem>> {
  const [first] = given;
  if (first === undefined) return ok(null);
  const runner = runnerFor(context, first.path);
  if (!runner.ok) return runner;
  return (await inSlot(context.clock(), () => checkEach(runner.value, given))) ?? refuseBusy();
}
