import type { Context } from "../context.ts";
import type { Integration } from "../model/integration.ts";
import type { RejectionMinute } from "../model/rejection.ts";
import { logLine } from "../platform/log.ts";
import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import { addRejections, isReported } from "../storage/config/rejections.ts";
import type { OutboxRow } from "../storage/pipeline/outbox.ts";
import { prepareAnnouncement, sendAnnouncements } from "../system-events/announce.ts";
import { aboutIntegration } from "../system-events/subjects.ts";

const TIMEOUT_MS = 5_000;

/** Returns the event that reports these requests, if they are the first ones; null if it does not report them. */
async function announcementOf(
  context: Context,
  integration: Integration,
  minutes: readonly RejectionMinute[],
): Promise<OutboxRow | null> {
  const reported = minutes.flatMap(({ counts }) => counts).filter(isReported);
  const latest = reported.toSorted((a, b) => b.at - a.at)[0];
  if (latest === undefined) return null;
  return await prepareAnnouncement(context, "integration.rejecting", {
    subject: aboutIntegration(integration),
    since_ms: Math.min(...reported.map(({ at }) => at)),
    count: reported.reduce((sum, { count }) => sum + count, 0),
    reason: `${latest.status} ${latest.code}`,
  });
}

async function write(context: Context, integration: Integration, minutes: readonly RejectionMinute[]): Promise<void> {
  const announcement = await announcementOf(context, integration, minutes);
  const isAnnounced = await addRejections(context.primary, integration.id, minutes, announcement);
  if (isAnnounced && announcement !== null) await sendAnnouncements(context, [announcement]);
}

/** Adds counts of refused requests to the record. Counts that cannot be written are lost, and logged. Never rejects. */
export async function writeRejections(
  context: Context,
  integration: Integration,
  minutes: readonly RejectionMinute[],
): Promise<void> {
  const written = await withTimeout(TIMEOUT_MS, () => write(context, integration, minutes));
  if (written.kind === "done") return;
  const error = describeFailure(written);
  logLine("warn", "rejections.write_failed", { integration_id: integration.id, error });
}
