import type { Health } from "../delivery/limits/health.ts";
import type { SharedWork } from "../model/budget.ts";
import { type EventContent, type EventRecord, type MessageType, TYPE_OF_OUTCOME } from "../model/event.ts";
import type { ConfigSnapshot } from "../storage/config/config.ts";
import type { ContentColumn } from "../storage/events/log.ts";
import type { Correction, NewEvent } from "../storage/pipeline/commit.ts";
import { alertAfter } from "./alert-rows.ts";
import type { Accepted } from "./batch.ts";
import { type Decision, alertIdIn } from "./decide.ts";
import type { FieldSource } from "./fields.ts";
import { type FirstAttempt, planDeliveries } from "./plan.ts";

/** The inputs of rows. `at` is the present time (ISO). */
export type RowSources = {
  readonly config: ConfigSnapshot;
  readonly health: Health;
  readonly fields: FieldSource;
  readonly at: string;
  /** Counts what planning the deliveries costs. */
  readonly work?: SharedWork;
};

/** A row of `events` as it is to be written, and the deliveries in it to attempt at once. */
export type Pending<Row> = { readonly row: Row; readonly first_attempts: readonly FirstAttempt[] };

/** Returns the type by which an event is delivered, or null if its outcome is not deliverable. */
export function typeOf({ outcome }: Decision, content: EventContent | null): MessageType | null {
  return content?.signal.action === "announce" ? content.signal.type : TYPE_OF_OUTCOME[outcome];
}

type Base = Pick<EventRecord, "id" | "integration_id" | "received_at" | "version" | "deliveries">;

/**
 * Returns the row of an event whose outcome has changed, or null while the fields of its alert are not known. `content` is
 * null if it has been erased.
 */
export async function correctedRow(
  sources: RowSources,
  base: Base,
  decision: Decision,
  content: EventContent | null,
): Promise<Pending<Correction> | null> {
  const alert = alertAfter(decision, sources.fields);
  if (alert === "unknown") return null;
  const { id, integration_id, received_at, version } = base;
  const type = typeOf(decision, content);
  const { deliveries, first_attempts, memberships } = await planDeliveries(
    sources,
    { id, integration_id, received_at, type, alert, content },
    base.deliveries,
  );
  const alert_id = alertIdIn(decision);
  const record = { id, integration_id, type, outcome: decision.outcome, alert_id, received_at, version, deliveries };
  const fields_from = decision.episode?.fields_from;
  const isOther = fields_from !== undefined && fields_from !== id;
  return { row: { record, alert, memberships, ...(isOther ? { fields_from } : {}) }, first_attempts };
}

/** The columns that a system event sets for itself. */
function systemColumns({ signal }: EventContent): Pick<NewEvent, "weight" | "group_id"> {
  return signal.action === "announce" ? { weight: signal.weight ?? 1, group_id: signal.group_id } : {};
}

/** Returns what the row of an event holds as its content. */
export function columnOf({ message: { content }, stored_at }: Accepted): ContentColumn {
  return stored_at === null ? content : { stored_at, characters: content.request.body.length };
}

/** Returns the row of an event that is not on record, or null while the fields of its alert are not known. */
export async function newRow(
  sources: RowSources,
  accepted: Accepted,
  decision: Decision,
): Promise<Pending<NewEvent> | null> {
  const { id, integration_id, received_at, content, from } = accepted.message;
  const pending = await correctedRow(
    sources,
    { id, integration_id, received_at, version: 1, deliveries: [] },
    decision,
    content,
  );
  if (pending === null) return null;
  return { ...pending, row: { ...pending.row, ...systemColumns(content), content: columnOf(accepted), from } };
}
