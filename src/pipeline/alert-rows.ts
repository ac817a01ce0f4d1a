import { snapshotOf } from "../alerts/timeline.ts";
import { type AlertSnapshot, higherUrgency } from "../model/alert.ts";
import type { Episode, HistoryKey } from "../model/episode.ts";
import { SHARED_NAMESPACE } from "../model/event.ts";
import { alertIdOf, timeOf } from "../model/ids.ts";
import { MAX_LONE_CHARACTERS } from "../storage/alerts/lone-alerts.ts";
import type { AlertRow } from "../storage/pipeline/commit-alerts.ts";
import type { Decision, TouchedAlert } from "./decide.ts";
import type { FieldSource } from "./fields.ts";

/** Returns the key that an alert shows: its opener's, if several keys share a history. Null while the opener is not known. */
function shownKey(history: HistoryKey, episode: Episode, source: FieldSource): string | null {
  if (history.namespace !== SHARED_NAMESPACE) return history.key;
  const opener = source.openers.get(alertIdOf(episode.opened_by));
  return opener === undefined ? null : (opener.key ?? history.key);
}

/**
 * Returns the alert in its state after an event, or null if the event concerned none. Returns "unknown" while the opener,
 * or the event that set the fields, is not on record.
 */
export function alertAfter(decision: Decision, source: FieldSource): AlertSnapshot | "unknown" | null {
  const { history, episode } = decision;
  if (history === null || episode === null) return null;
  const fields = source.fields.get(episode.fields_from);
  const key = shownKey(history, episode, source);
  return fields === undefined || key === null ? "unknown" : snapshotOf(episode, key, fields);
}

function isoOf(eventId: string): string {
  return new Date(timeOf(eventId)).toISOString();
}

/** Returns the row of an alert, or null while its fields are not known: the consumer that has them writes the row. */
export function alertRow({ history, episode }: TouchedAlert, source: FieldSource): AlertRow | null {
  const id = alertIdOf(episode.opened_by);
  const fields = source.fields.get(episode.fields_from);
  const opener = source.openers.get(id);
  const shown_key = shownKey(history, episode, source);
  if (fields === undefined || opener === undefined || shown_key === null) return null;
  const { status, urgency, fields_from, dedup_count, acknowledged_by, resolved_by } = episode;
  return {
    namespace: history.namespace,
    key: history.key,
    history_version: history.version,
    is_lone:
      episode.last_event === episode.opened_by &&
      history.namespace === opener.integration_id &&
      JSON.stringify([shown_key, fields]).length <= MAX_LONE_CHARACTERS,
    shown_key,
    id,
    integration_id: opener.integration_id,
    status,
    fields: { ...fields, urgency: higherUrgency(fields.urgency, urgency ?? null) },
    fields_from,
    dedup_count,
    created_at: isoOf(episode.opened_by),
    updated_at: isoOf(episode.last_event),
    acknowledged_at: acknowledged_by === null ? null : isoOf(acknowledged_by),
    resolved_at: resolved_by === null ? null : isoOf(resolved_by),
  };
}
