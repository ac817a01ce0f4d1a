import type { Context } from "../context.ts";
import type { Integration } from "../model/integration.ts";
import type { RejectionMinute } from "../model/rejection.ts";
import { logLine } from "../platform/log.ts";
import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import { addRejections } from "../storage/config/rejections.ts";

const TIMEOUT_MS = 5_000;

/** Adds counts of refused requests to the record. Counts that cannot be written are lost, and logged. Never rejects. */
export async function writeRejections(
  { primary }: Context,
  { id }: Integration,
  minutes: readonly RejectionMinute[],
): Promise<void> {
  const written = await withTimeout(TIMEOUT_MS, () => addRejections(primary, id, minutes));
  if (written.kind === "done") return;
  logLine("warn", "rejections.write_failed", { integration_id: id, error: describeFailure(written) });
}
