import { type EventOutcome, applyEvents } from "../alerts/timeline.ts";
import type { Episode, HistoryKey, StoredHistory } from "../model/episode.ts";
import type { EventMessage, EventRecord, Outcome } from "../model/event.ts";
import { alertIdOf } from "../model/ids.ts";
import { historyName } from "../storage/pipeline/append.ts";

/** What is on record of a batch and of the histories that it joined. */
export type Known = {
  readonly owners: ReadonlyMap<string, string>;
  readonly histories: readonly StoredHistory[];
  readonly recorded: ReadonlyMap<string, EventRecord>;
  /** Names of histories that are to be decided from their beginning, not only from the first event of the batch. */
  readonly whole: ReadonlySet<string>;
};

/** What an event came to. `history` and `episode` are null where it concerned no alert. */
export type Decision = {
  readonly event_id: string;
  readonly outcome: Outcome;
  readonly history: StoredHistory | null;
  readonly episode: Episode | null;
};

/** An alert that the batch touched, as it stands now. */
export type TouchedAlert = { readonly history: StoredHistory; readonly episode: Episode };

export type Decisions = {
  /** Events that are not on record yet. */
  readonly fresh: readonly { readonly message: EventMessage; readonly decision: Decision }[];
  /** Events on record that an earlier one has given another outcome or alert. */
  readonly changed: readonly { readonly record: EventRecord; readonly decision: Decision }[];
  readonly alerts: readonly TouchedAlert[];
  /** Alerts that an earlier event has taken the place of. */
  readonly gone: readonly { readonly history: StoredHistory; readonly id: string }[];
};

/** The history that an event joins, if it acts on an alert. */
export function historyOf(message: EventMessage): HistoryKey | null {
  const { signal } = message.content;
  return "key" in signal ? { namespace: signal.namespace, key: signal.key } : null;
}

/** The alert that an event concerned, as its row names it. */
export function alertIdIn(decision: Decision): string | null {
  return decision.episode === null ? null : alertIdOf(decision.episode.opened_by);
}

function isSame(record: EventRecord, decision: Decision): boolean {
  return record.outcome === decision.outcome && record.alert_id === alertIdIn(decision);
}

/**
 * Decides what a batch came to from what is on record, its own events included. Playing the same batch again, or any part
 * of it, decides the same: that is what makes a repeated message harmless.
 */
export function decide(messages: readonly EventMessage[], known: Known): Decisions {
  const own = messages.filter(({ id }) => (known.owners.get(id) ?? id) === id);
  const decided = new Map<string, Decision>();
  const alerts: TouchedAlert[] = [];
  const gone: { history: StoredHistory; id: string }[] = [];
  const ownIds = new Set(own.map(({ id }) => id));

  for (const history of known.histories) {
    const { outcomes, episodes } = applyEvents(history);
    const first = known.whole.has(historyName(history))
      ? outcomes[0]
      : outcomes.find((outcome) => ownIds.has(outcome.event_id));
    if (first === undefined) continue;
    const touched = outcomes.filter((verdict) => verdict.event_id >= first.event_id);
    for (const verdict of touched) decided.set(verdict.event_id, decisionOf(verdict, history));
    const openers = new Set(episodes.map((episode) => episode.opened_by));
    for (const episode of episodes) if (episode.last_event >= first.event_id) alerts.push({ history, episode });
    for (const verdict of touched) {
      // Whether it opened an alert once cannot be told from its outcome: that may have been corrected by one who then found
      // the history moved on, and left the alert to us.
      const mayHaveOpened = known.recorded.has(verdict.event_id) && !openers.has(verdict.event_id);
      if (mayHaveOpened) gone.push({ history, id: alertIdOf(verdict.event_id) });
    }
  }

  const fresh = own
    .filter(({ id }) => !known.recorded.has(id))
    .map((message) => ({ message, decision: decided.get(message.id) ?? untouched(message) }));
  const changed = [...known.recorded.values()].flatMap((record) => {
    const decision = decided.get(record.id);
    return decision === undefined || isSame(record, decision) ? [] : [{ record, decision }];
  });
  return { fresh, changed, alerts, gone };
}

function decisionOf(verdict: EventOutcome, history: StoredHistory): Decision {
  return { event_id: verdict.event_id, outcome: verdict.outcome, history, episode: verdict.episode };
}

function untouched(message: EventMessage): Decision {
  const outcome = message.content.signal.action === "ignore" ? "ignored" : "received";
  return { event_id: message.id, outcome, history: null, episode: null };
}
