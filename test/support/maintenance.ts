import type { Context } from "../../src/context.ts";
import { runMaintenance } from "../../src/maintenance/maintenance.ts";
import { asInvocation } from "./strict-platform/invocation.ts";
import { PAID } from "./strict-platform/limits.ts";

/** The same context at a fixed time, in ms since 1970. */
export function atTime(context: Context, nowMs: number): Context {
  return { ...context, clock: () => nowMs };
}

/** Runs maintenance at a time, in ms since 1970. */
export async function maintain(context: Context, cron: string, nowMs: number): Promise<void> {
  await asInvocation(PAID, () => runMaintenance(atTime(context, nowMs), cron));
}
