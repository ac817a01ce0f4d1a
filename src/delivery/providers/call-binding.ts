import type { Context } from "../../context.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { withTimeout } from "../../platform/with-timeout.ts";
import type { Sent } from "../request/send.ts";
import type { Outgoing } from "./provider.ts";

/**
 * Calls one of the platform's services and waits at most the destination's time-out. The error of the service goes to the
 * log; the attempt shows the text that `describe` returns.
 */
export async function callBinding(
  context: Context,
  { delivery_id, destination }: Outgoing,
  call: () => Promise<unknown>,
  describe: (error: unknown) => string,
): Promise<Sent> {
  const { id, timeout_ms } = destination;
  const startedAt = context.clock();
  const called = await withTimeout(timeout_ms, call);
  const account = { response_body: null, duration_ms: context.clock() - startedAt };
  switch (called.kind) {
    case "done":
      return { ...account, outcome: { kind: "stored" }, error: null };
    case "timed_out":
      return {
        ...account,
        outcome: { kind: "timed_out" },
        error: `The service did not respond within ${timeout_ms} ms.`,
      };
    case "failed":
      logLine("warn", "binding.call_failed", { delivery_id, destination_id: id, error: describeError(called.error) });
      return { ...account, outcome: { kind: "failed" }, error: describe(called.error) };
  }
}
