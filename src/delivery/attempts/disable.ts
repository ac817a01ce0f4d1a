import type { Context } from "../../context.ts";
import { type AuditEntry, GATEWAY_ACTOR } from "../../model/audit.ts";
import type { Destination } from "../../model/destination.ts";
import { RESCUE_AFTER_MS } from "../../platform/limits.ts";
import { describeError, logLine } from "../../platform/log.ts";
import { sendBatch } from "../../platform/queues.ts";
import { disableDestination } from "../../storage/destinations/destinations.ts";
import type { OutboxRow } from "../../storage/pipeline/outbox.ts";
import type { DisabledReason } from "./effects.ts";
import { changePending } from "./pending-changes.ts";
import { destinationDisabled } from "./system-events.ts";

/** The write is idempotent, and D1 does not retry writes that were lost with their connection. */
const MAX_TRIES = 5;

/** Disables a destination, together with the outbox row of the system event. Returns false if it was disabled already. */
async function write(
  { primary }: Context,
  destinationId: string,
  reason: DisabledReason,
  row: OutboxRow,
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
 * Disables a destination, emits the system event of it, and cancels its pending deliveries. Never rejects: if this fails,
 * the destination's next failure tries again.
 */
export async function disable(context: Context, destination: Destination, reason: DisabledReason): Promise<void> {
  const { shards, caches, clock } = context;
  const message = destinationDisabled(context, destination, reason);
  const row = { id: message.id, message: JSON.stringify(message), send_at: clock() + RESCUE_AFTER_MS };
  try {
    if (await write(context, destination.id, reason, row, disabledEntry(context, destination, reason))) {
      logLine("warn", "destination.disabled", { destination_id: destination.id, reason });
      // The outbox has the event too: maintenance sends it if the queue does not take it.
      await sendBatch(shards[0].events, [{ body: row.message, contentType: "text" }], { event_id: row.id });
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
