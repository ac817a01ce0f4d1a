import { withTimeout } from "../../platform/with-timeout.ts";
import { describeError, logLine } from "../../platform/log.ts";
import type { Context } from "../../context.ts";
import type { Sent } from "../request/send.ts";
import type { Outgoing } from "./provider.ts";

/**
 * Hands a delivery to one of the platform's services and waits for it no longer than the destination allows. What a
 * service says of a failure goes to the log; the attempt shows what `complain` makes of it.
 */
export async function handOver(
  context: Context,
  { delivery_id, destination }: Outgoing,
  work: () => Promise<unknown>,
  complain: (error: unknown) => string,
): Promise<Sent> {
  const { id, timeout_ms } = destination;
  const startedAt = context.clock();
  const settled = await withTimeout(timeout_ms, work);
  const account = { response_body: null, duration_ms: context.clock() - startedAt };
  switch (settled.kind) {
    case "done":
      return { ...account, outcome: { kind: "stored" }, error: null };
    case "timed_out":
      return { ...account, outcome: { kind: "timed_out" }, error: `It was not taken within ${timeout_ms} ms.` };
    case "failed":
      logLine("warn", "not handed over", { delivery_id, destination_id: id, error: describeError(settled.error) });
      return { ...account, outcome: { kind: "failed" }, error: complain(settled.error) };
  }
}
