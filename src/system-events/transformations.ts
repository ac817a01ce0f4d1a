import type { Context } from "../context.ts";
import { describeError, logLine } from "../platform/log.ts";
import { addRuns } from "../storage/config/transformation-runs.ts";
import type { TransformationChange } from "../transformations/run-log.ts";
import { beginState, endState } from "./occurrences.ts";

async function report(context: Context, { transformation, reason }: TransformationChange): Promise<void> {
  const { id, name } = transformation;
  if (reason === null) return await endState(context, "transformation.failing", id);
  const facts = { subject: { transformation: { id, name } }, since_ms: context.clock(), reason };
  await beginState(context, { type: "transformation.failing", id, facts });
}

/** Writes the log of transformations, and reports those that have begun to fail. Never rejects. */
export async function flushTransformationRuns(context: Context): Promise<void> {
  for (const change of await context.caches.transformation_runs.flush((runs) => addRuns(context.primary, runs))) {
    try {
      await report(context, change);
    } catch (error) {
      const transformation_id = change.transformation.id;
      logLine("warn", "transformation.report_failed", { transformation_id, error: describeError(error) });
    }
  }
}
