import { type AlertFields, type AlertSnapshot, type Urgency, higherUrgency } from "../model/alert.ts";
import type { Episode, History, HistoryLog } from "../model/episode.ts";
import type { Action, Outcome } from "../model/event.ts";
import { alertIdOf } from "../model/ids.ts";

/** The outcome of one event, and its alert after the event; `episode` is null if the event concerned no alert. */
export type EventOutcome = { readonly event_id: string; readonly outcome: Outcome; readonly episode: Episode | null };

/** The result of all events of a key. */
export type Timeline = {
  /** In order of receipt. */
  readonly outcomes: readonly EventOutcome[];
  /** Every alert of the key, in order, in its state after the last event. */
  readonly episodes: readonly Episode[];
};

function open(eventId: string, urgency: Urgency | null): Episode {
  return {
    opened_by: eventId,
    status: "open",
    dedup_count: 0,
    urgency,
    fields_from: eventId,
    acknowledged_by: null,
    resolved_by: null,
    last_event: eventId,
  };
}

type Applied = { readonly outcome: Outcome; readonly episode: Episode | null };

/** An event as the timeline needs it. `urgency` is null if it has none. */
type Entry = { readonly action: Action; readonly event_id: string; readonly urgency: Urgency | null };

/** Applies an action to an unresolved alert. A repeat that raises the urgency is an update, which recipients must see. */
function continueEpisode({ action, event_id: eventId, urgency }: Entry, episode: Episode): Applied {
  const before = episode.urgency ?? null;
  const highest = higherUrgency(before, urgency);
  const touched = { ...episode, last_event: eventId, urgency: highest };
  switch (action) {
    case "create": {
      const repeated = { ...touched, dedup_count: episode.dedup_count + 1 };
      if (highest === before) return { outcome: "repeated", episode: repeated };
      return { outcome: "updated", episode: { ...repeated, fields_from: eventId } };
    }
    case "update":
      return { outcome: "updated", episode: { ...touched, fields_from: eventId } };
    case "remind":
      return { outcome: "updated", episode: touched };
    case "acknowledge":
      if (episode.status === "acknowledged") return { outcome: "ignored", episode: null };
      return { outcome: "acknowledged", episode: { ...touched, status: "acknowledged", acknowledged_by: eventId } };
    case "resolve":
      return { outcome: "resolved", episode: { ...touched, status: "resolved", resolved_by: eventId } };
  }
}

/** Applies an action while no alert is unresolved. */
function beginEpisode({ action, event_id: eventId, urgency }: Entry): Applied {
  switch (action) {
    case "create":
    case "update":
    case "remind":
      return { outcome: "created", episode: open(eventId, urgency) };
    case "acknowledge":
    case "resolve":
      return { outcome: "ignored", episode: null };
  }
}

/** The entries of a log in order of receipt, which is the order of the ids. */
export function inOrder(log: HistoryLog): (readonly [string, Action])[] {
  return Object.entries(log).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Returns the alert unless it is resolved. */
export function unresolved(episode: Episode | null): Episode | null {
  return episode === null || episode.status === "resolved" ? null : episode;
}

/**
 * Applies the events of a key in order of receipt. The result depends only on the set of events.
 * An event older than the compacted part counts as the first one after it.
 */
export function applyEvents(history: History): Timeline {
  const outcomes: EventOutcome[] = [];
  const episodes: Episode[] = [];
  let current = unresolved(history.compacted?.episode ?? null);
  if (current !== null) episodes.push(current);
  for (const [event_id, action] of inOrder(history.log)) {
    const wasOpen = current !== null;
    const entry = { action, event_id, urgency: history.urgencies?.[event_id] ?? null };
    const { outcome, episode } = current === null ? beginEpisode(entry) : continueEpisode(entry, current);
    outcomes.push({ event_id, outcome, episode });
    if (episode === null) continue;
    episodes.splice(wasOpen ? -1 : episodes.length, wasOpen ? 1 : 0, episode);
    current = unresolved(episode);
  }
  return { outcomes, episodes };
}

/** Returns the alert as a delivery shows it. `fields` are those of the event `episode.fields_from`. */
export function snapshotOf(episode: Episode, key: string, fields: AlertFields): AlertSnapshot {
  return {
    id: alertIdOf(episode.opened_by),
    key,
    status: episode.status,
    title: fields.title,
    description: fields.description,
    urgency: higherUrgency(fields.urgency, episode.urgency ?? null),
    tags: fields.tags,
    meta: fields.meta,
    incident: fields.incident,
    additional_data: fields.additional_data,
    dedup_count: episode.dedup_count,
  };
}
