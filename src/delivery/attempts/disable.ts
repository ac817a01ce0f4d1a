import type { Context } from "../../context.ts";
import { type AuditEntry, GATEWAY_ACTOR } from "../../model/audit.ts";
import type { Destination } from "../../model/destination.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { disableDestination } from "../../storage/destinations/destinations.ts";
import type { OutboxRow } from "../../storage/pipeline/outbox.ts";
import { prepareAnnouncement, sendAnnouncements } from "../../system-events/announce.ts";
import { aboutDestination } from "../../system-events/subjects.ts";
import type { DisabledReason } from "./effects.ts";
import { changePending } from "./pending-changes.ts";

/** The write is idempotent, and D1 does not retry writes that were lost with their connection. */
const MAX_TRIES = 5;

/** Disables a destination, together with the outbox row of the system event. Returns false if it was disabled already. */
async function write(
  { primary }: Context,
  destinationId: string,
  reason: DisabledReason,
  row: OutboxRow | null,
  record: AuditEntry,
): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      return await disableDestination(primary, destinationId, reason, row, record);
    } catch (error) {
      if (tries === MAX_TRIES) throw error;
    }
  }
}

/** The entry of the audit trail: the gateway itself makes this change. */
function disabledEntry({ mint }: Context, destination: Destination, disabled_reason: DisabledReason): AuditEntry {
  const { id, at_ms } = mint("aud");
  return {
    id,
    at: new Date(at_ms).toISOString(),
    actor: GATEWAY_ACTOR,
    action: "destination.disabled",
    kind: "destination",
    target_id: destination.id,
    target_name: destination.name,
    before: { enabled: true, disabled_reason: null },
    after: { enabled: false, disabled_reason },
  };
}

/**
 * Disables a destination, emits the system event of it if `isReported`, and cancels its pending deliveries. Never rejects: if
 * this fails, the destination's next failure tries again.
 */
export async function disable(
  context: Context,
  destination: Destination,
  reason: DisabledReason,
  isReported: boolean,
): Promise<void> {
  const { caches } = context;
  try {
    const facts = { subject: aboutDestination(destination, reason), reason };
    const row = isReported ? await prepareAnnouncement(context, "destination.disabled", facts) : null;
    if (await write(context, destination.id, reason, row, disabledEntry(context, destination, reason))) {
      logLine("warn", "destination.disabled", { destination_id: destination.id, reason });
      if (row !== null) await sendAnnouncements(context, [row]);
    }
    caches.config.forget();
    await changePending(context, destination.id, "cancel_disabled");
  } catch (error) {
    logLine("error", "destination.disable_failed", {
      destination_id: destination.id,
      reason,
      error: describeError(error),
    });
  }
}
