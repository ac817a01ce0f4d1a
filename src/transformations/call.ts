import type { RunnableTransformation, TransformationHead } from "../model/transformation.ts";
import type { TransformationBreaker } from "./breaker.ts";
import type { RunLog } from "./run-log.ts";
import type { TransformationFault, TransformationRun, TransformationRunner } from "./run.ts";

/** What a call needs of the context, beside the code. */
export type Calling = {
  readonly clock: () => number;
  readonly caches: { readonly transformation_breaker: TransformationBreaker; readonly transformation_runs: RunLog };
};

/** The input of a call, and the event that it is about. */
export type CallInput = { readonly input: unknown; readonly event_id: string; readonly received_at: string };

const UNAVAILABLE: TransformationRun = {
  ok: false,
  fault: { code: "unavailable", message: "The gateway cannot run it now.", line: null },
  logs: [],
};

/**
 * Runs a transformation, unless it ran into limits lately, and logs how that ended. `runner` is null if the gateway has none,
 * `transformation` if it is not on record. Never throws.
 */
export async function callTransformation(
  { clock, caches }: Calling,
  runner: TransformationRunner | null,
  transformation: RunnableTransformation | null,
  { input, event_id, received_at }: CallInput,
): Promise<TransformationRun> {
  if (runner === null || transformation === null) return UNAVAILABLE;
  const { code } = transformation;
  const key = breakerKey(transformation);
  const refusal = caches.transformation_breaker.refusal(key);
  if (refusal !== null) return { ok: false, fault: refusal, logs: [] };
  const startedAt = clock();
  const run = await runner.run({ code, input, context: { now: received_at, seed: event_id } });
  caches.transformation_breaker.note(key, run);
  const at = new Date(startedAt).toISOString();
  caches.transformation_runs.note(transformation, { at, event_id, duration_ms: clock() - startedAt, run });
  return run;
}

/** Returns the name by which the breaker knows a transformation. */
export function breakerKey({ id, version }: TransformationHead): string {
  return `${id} ${version}`;
}

/** Returns how messages name a transformation. */
export function nameOfTransformation({ name, version }: TransformationHead): string {
  return `the transformation "${name}" (version ${version})`;
}

/** Returns a sentence about a fault of a transformation. */
export function faultOfTransformation(
  head: TransformationHead,
  { message, line }: Pick<TransformationFault, "message" | "line">,
): string {
  return `${nameOfTransformation(head)} failed${line === null ? "" : ` in line ${line}`}. ${message}`;
}
