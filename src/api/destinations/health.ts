import * as z from "zod/mini";
import type { FailingDestination } from "../../model/destination-health.ts";
import type { Shown } from "../endpoint.ts";
import { time } from "../schema.ts";

/** The health of a destination as the API shows it. */
export const shownHealth = z.strictObject({
  status: z
    .enum(["healthy", "failing", "paused_by_breaker", "probing"])
    .check(
      z.describe(
        "`paused_by_breaker`: the circuit breaker is open until `retry_at`. `probing`: one attempt tests the destination.",
      ),
    ),
  failures: z.int().check(z.describe("Consecutive failed attempts.")),
  failing_since: z.nullable(time),
  retry_at: z.nullable(time),
});

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function statusOf({ retry_at, probe_until }: FailingDestination, nowMs: number) {
  if (retry_at === null) return "failing";
  return probe_until !== null && nowMs < probe_until ? "probing" : "paused_by_breaker";
}

/** Shows the health of a destination. `state` is undefined if the destination is not failing. */
export function viewHealth(state: FailingDestination | undefined, nowMs: number): Shown<typeof shownHealth> {
  if (state === undefined) return { status: "healthy", failures: 0, failing_since: null, retry_at: null };
  return {
    status: statusOf(state, nowMs),
    failures: state.failures,
    failing_since: isoOrNull(state.failing_since),
    retry_at: isoOrNull(state.retry_at),
  };
}
