import { type Env, findLoader, findLocalTransformations } from "../platform/bindings.ts";
import { dynamicRunner } from "./dynamic.ts";
import { localRunner } from "./local.ts";
import type { TransformationRunner } from "./run.ts";

export type { TransformationFault, TransformationRun, TransformationRunner } from "./run.ts";

/**
 * Returns what runs the transformations of one invocation, or null if the deployment has neither the binding `LOADER` nor a
 * local runner. The local one comes first, because the local Workers runtime enforces no limits of dynamic Workers.
 */
export function transformationRunnerOf(env: Env): TransformationRunner | null {
  const local = findLocalTransformations(env);
  if (local !== null) return localRunner(local);
  const loader = findLoader(env);
  return loader === null ? null : dynamicRunner(loader);
}
