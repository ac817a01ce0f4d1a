import { contextOf } from "../context.ts";
import type { Env } from "../platform/bindings.ts";
import { storeWatchedUntil } from "../storage/config/revision.ts";

/** Has consumers notify the dashboards until a time in ms since 1970. Throws if D1 cannot be written. */
export async function storeUntil(env: Env, until: number): Promise<void> {
  await storeWatchedUntil(contextOf(env).primary, until);
}
