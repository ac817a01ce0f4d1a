import type { AlertFields, AlertSnapshot } from "../model/alert.ts";
import type { Episode, History, HistoryLog } from "../model/episode.ts";
import type { Action, Outcome } from "../model/event.ts";
import { alertIdOf } from "../model/ids.ts";

/** What one event came to, and its alert as it left it (null where it concerned none). */
export type Verdict = { readonly event_id: string; readonly outcome: Outcome; readonly episode: Episode | null };

export type Replay = {
  /** In order of receipt. */
  readonly verdicts: readonly Verdict[];
  /** Every alert of the key, in order, as it stands now. */
  readonly episodes: readonly Episode[];
};

function open(eventId: string): Episode {
  return {
    opened_by: eventId,
    status: "open",
    dedup_count: 0,
    fields_from: eventId,
    acknowledged_by: null,
    resolved_by: null,
    last_event: eventId,
  };
}

type Step = { readonly outcome: Outcome; readonly episode: Episode | null };

/** What an action does where an alert is unresolved. */
function act(action: Action, eventId: string, episode: Episode): Step {
  const touched = { ...episode, last_event: eventId };
  switch (action) {
    case "create":
      return { outcome: "repeated", episode: { ...touched, dedup_count: episode.dedup_count + 1 } };
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

/** What an action does where no alert is unresolved. */
function begin(action: Action, eventId: string): Step {
  switch (action) {
    case "create":
    case "update":
    case "remind":
      return { outcome: "created", episode: open(eventId) };
    case "acknowledge":
    case "resolve":
      return { outcome: "ignored", episode: null };
  }
}

function inOrder(log: HistoryLog): (readonly [string, Action])[] {
  return Object.entries(log).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function unresolved(episode: Episode | null): Episode | null {
  return episode === null || episode.status === "resolved" ? null : episode;
}

/**
 * Plays a key's events in order of receipt, which is the order of their ids. The result depends on the set alone.
 * An event older than the compacted part counts as the first one after it.
 */
export function replay(history: History): Replay {
  const verdicts: Verdict[] = [];
  const episodes: Episode[] = [];
  let current = unresolved(history.compacted?.episode ?? null);
  if (current !== null) episodes.push(current);
  for (const [eventId, action] of inOrder(history.log)) {
    const wasOpen = current !== null;
    const step: Step = current === null ? begin(action, eventId) : act(action, eventId, current);
    verdicts.push({ event_id: eventId, outcome: step.outcome, episode: step.episode });
    if (step.episode === null) continue;
    episodes.splice(wasOpen ? -1 : episodes.length, wasOpen ? 1 : 0, step.episode);
    current = unresolved(step.episode);
  }
  return { verdicts, episodes };
}

/** A log longer than this is shortened to the newest half. */
const MAX_LOG = 512;

/**
 * Shortens a long history: its oldest events are compacted into what they left behind. Null where it is short enough.
 * An event that arrives later than `MAX_LOG / 2` newer ones of its key can then no longer be put before them.
 */
export function compact(history: History): History | null {
  const entries = inOrder(history.log);
  if (entries.length <= MAX_LOG) return null;
  const cut = entries.length - MAX_LOG / 2;
  const old = entries.slice(0, cut);
  const last = old.at(-1);
  if (last === undefined) return null;
  const left = replay({ log: Object.fromEntries(old), compacted: history.compacted }).episodes.at(-1) ?? null;
  return { log: Object.fromEntries(entries.slice(cut)), compacted: { through: last[0], episode: unresolved(left) } };
}

/** The alert as a delivery shows it. `fields` are those of `episode.fields_from`. */
export function snapshotOf(episode: Episode, key: string, fields: AlertFields): AlertSnapshot {
  return {
    id: alertIdOf(episode.opened_by),
    key,
    status: episode.status,
    title: fields.title,
    description: fields.description,
    urgency: fields.urgency,
    tags: fields.tags,
    meta: fields.meta,
    incident: fields.incident,
    additional_data: fields.additional_data,
    dedup_count: episode.dedup_count,
  };
}
