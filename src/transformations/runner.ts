import { type Env, findLocalTransformations } from "../platform/bindings.ts";
import { localRunner } from "./local.ts";
import type { TransformationRunner } from "./run.ts";

export type { TransformationCall, TransformationFault, TransformationRun, TransformationRunner } from "./run.ts";
export { MAX_CODE_BYTES } from "./limits.ts";

/** Returns what runs transformations, or null if the deployment has neither the binding `LOADER` nor a local runner. */
export function transformationRunnerOf(env: Env): TransformationRunner | null {
  const local = findLocalTransformations(env);
  return local === null ? null : localRunner(local);
}
