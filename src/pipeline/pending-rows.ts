import { snapshotOf } from "../alerts/timeline.ts";
import type { FirstAttempt } from "../delivery/attempts/first-attempts.ts";
import type { Health } from "../delivery/limits/health.ts";
import type { AlertSnapshot } from "../model/alert.ts";
import type { Episode, HistoryKey } from "../model/episode.ts";
import {
  type EventContent,
  type EventMessage,
  type EventRecord,
  type MessageType,
  SHARED_NAMESPACE,
  TYPE_OF_OUTCOME,
} from "../model/event.ts";
import { alertIdOf } from "../model/ids.ts";
import type { Membership } from "../model/route.ts";
import type { ConfigSnapshot } from "../storage/config/config.ts";
import { type Decision, alertIdIn } from "./decide.ts";
import type { FieldSource } from "./fields.ts";
import { planDeliveries } from "./plan.ts";

/** An accepted event, and the R2 key under which it is kept where it was too large for a message. */
export type Accepted = { readonly message: EventMessage; readonly stored_at: string | null };

/** A row of `events` as it is to be written, with the first attempts that its deliveries call for. */
export type Draft = {
  readonly record: EventRecord;
  readonly alert: AlertSnapshot | null;
  readonly firsts: readonly FirstAttempt[];
  readonly memberships: readonly Membership[];
};

/** What drafts are made from. `at` is an ISO time. */
export type DraftSources = {
  readonly catalog: ConfigSnapshot;
  readonly health: Health;
  readonly fields: FieldSource;
  readonly at: string;
};

/** The key that an alert is shown with: its opener's, where several share a history. Null while its opener is not known. */
export function shownKey(history: HistoryKey, episode: Episode, source: FieldSource): string | null {
  if (history.namespace !== SHARED_NAMESPACE) return history.key;
  const opener = source.openers.get(alertIdOf(episode.opened_by));
  return opener === undefined ? null : (opener.key ?? history.key);
}

/** The alert as an event left it; "unknown" where its opener or the event that its fields come from is not on record yet. */
export function alertOf(decision: Decision, source: FieldSource): AlertSnapshot | "unknown" | null {
  const { history, episode } = decision;
  if (history === null || episode === null) return null;
  const fields = source.fields.get(episode.fields_from);
  const key = shownKey(history, episode, source);
  return fields === undefined || key === null ? "unknown" : snapshotOf(episode, key, fields);
}

/** What destinations are told of an event; null where nobody is told anything. */
export function typeOf({ outcome }: Decision, content: EventContent | null): MessageType | null {
  return content?.signal.action === "announce" ? content.signal.type : TYPE_OF_OUTCOME[outcome];
}

type Base = Pick<EventRecord, "id" | "integration_id" | "received_at" | "version" | "deliveries">;

function draft(sources: DraftSources, base: Base, decision: Decision, content: EventContent | null): Draft | null {
  const alert = alertOf(decision, sources.fields);
  if (alert === "unknown") return null;
  const { id, integration_id, received_at, version } = base;
  const type = typeOf(decision, content);
  const plannable = { id, integration_id, received_at, type, alert, content };
  const { deliveries, firsts, memberships } = planDeliveries(
    sources.catalog,
    sources.health,
    plannable,
    base.deliveries,
    sources.at,
  );
  const alert_id = alertIdIn(decision);
  const record = { id, integration_id, type, outcome: decision.outcome, alert_id, received_at, version, deliveries };
  return { record, alert, firsts, memberships };
}

/** The row of an event that is not on record; null while its alert's fields are not known. */
export function draftNew(sources: DraftSources, message: EventMessage, decision: Decision): Draft | null {
  const { id, integration_id, received_at, content } = message;
  return draft(sources, { id, integration_id, received_at, version: 1, deliveries: [] }, decision, content);
}

/** The row of an event that has come to something else than is on record. `content` is null where it has been erased. */
export function draftCorrection(
  sources: DraftSources,
  record: EventRecord,
  decision: Decision,
  content: EventContent | null,
): Draft | null {
  return draft(sources, record, decision, content);
}
