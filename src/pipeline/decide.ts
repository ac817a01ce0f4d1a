import { type EventOutcome, applyEvents } from "../alerts/timeline.ts";
import type { Context } from "../context.ts";
import type { Episode, StoredHistory } from "../model/episode.ts";
import { type EventHead, type EventMessage, type Outcome, isTransformationFault } from "../model/event.ts";
import { alertIdOf } from "../model/ids.ts";
import { historyName } from "../storage/pipeline/append.ts";
import type { AppendedBatch, AppendedEvent } from "./append.ts";
import type { Stage } from "./batch.ts";

/** The record of a batch and of the histories that it belongs to. */
export type Known = {
  readonly owners: ReadonlyMap<string, string>;
  readonly histories: readonly StoredHistory[];
  readonly recorded: ReadonlyMap<string, EventHead>;
  /** Names of histories to decide from their beginning instead of from the first event of the batch. */
  readonly whole: ReadonlySet<string>;
};

/** The outcome of an event. `history` and `episode` are null if it concerned no alert. */
export type Decision = {
  readonly event_id: string;
  readonly outcome: Outcome;
  readonly history: StoredHistory | null;
  readonly episode: Episode | null;
};

/** An alert that the batch has touched, in its present state. */
export type TouchedAlert = { readonly history: StoredHistory; readonly episode: Episode };

export type Decisions<E> = {
  /** Events that are not on record yet. */
  readonly fresh: readonly { readonly event: E; readonly decision: Decision }[];
  /**
   * Events on record whose outcome or alert has changed because of an earlier event, or because their transformation does not fail
   * any more: `mended` is the event then.
   */
  readonly changed: readonly { readonly record: EventHead; readonly decision: Decision; readonly mended?: E }[];
  readonly touched: readonly TouchedAlert[];
  /** Alerts that an earlier event has replaced. */
  readonly replaced: readonly { readonly history: StoredHistory; readonly id: string }[];
};

/** Each event of the batch has an outcome. */
export type DecidedBatch = Stage<"decided", AppendedBatch, Decisions<AppendedEvent>>;

/** Returns the id of the alert that an event concerned, or null if it concerned none. */
export function alertIdIn(decision: Decision): string | null {
  return decision.episode === null ? null : alertIdOf(decision.episode.opened_by);
}

function isSame(record: EventHead, decision: Decision): boolean {
  return record.outcome === decision.outcome && record.alert_id === alertIdIn(decision);
}

function decisionOf({ event_id, outcome, episode }: EventOutcome, history: StoredHistory): Decision {
  return { event_id, outcome, history, episode };
}

function outcomeOf({ content: { signal } }: EventMessage): Outcome {
  return signal.action === "ignore" ? "ignored" : "received";
}

function withoutAlert(message: EventMessage): Decision {
  const outcome = isTransformationFault(message.content) ? "transformation_failed" : outcomeOf(message);
  return { event_id: message.id, outcome, history: null, episode: null };
}

/**
 * Decides the outcomes of a batch from the record, which includes its own events. A repetition of the batch, or of any
 * part of it, decides the same, so that repeated messages are harmless.
 */
export function decideEvents<E extends { readonly message: EventMessage }>(
  events: readonly E[],
  known: Known,
): Decisions<E> {
  const own = events.filter(({ message: { id } }) => (known.owners.get(id) ?? id) === id);
  const ownIds = new Set(own.map(({ message }) => message.id));
  const decided = new Map<string, Decision>();
  const touched: TouchedAlert[] = [];
  const replaced: { history: StoredHistory; id: string }[] = [];

  for (const history of known.histories) {
    const { outcomes, episodes } = applyEvents(history);
    const first = known.whole.has(historyName(history))
      ? outcomes[0]
      : outcomes.find(({ event_id }) => ownIds.has(event_id));
    if (first === undefined) continue;
    const concerned = outcomes.filter(({ event_id }) => event_id >= first.event_id);
    for (const each of concerned) decided.set(each.event_id, decisionOf(each, history));
    for (const episode of episodes) if (episode.last_event >= first.event_id) touched.push({ history, episode });
    const openers = new Set(episodes.map((episode) => episode.opened_by));
    for (const { event_id } of concerned) {
      // The recorded outcome does not tell whether this event once opened an alert: a consumer may have corrected it, lost
      // the race for the history's version, and left the alert's row to us.
      const mayHaveOpened = known.recorded.has(event_id) && !openers.has(event_id);
      if (mayHaveOpened) replaced.push({ history, id: alertIdOf(event_id) });
    }
  }

  const fresh = own
    .filter(({ message }) => !known.recorded.has(message.id))
    .map((event) => ({ event, decision: decided.get(event.message.id) ?? withoutAlert(event.message) }));
  const mended = new Map(
    own
      .filter(({ message: { id, content } }) => {
        return known.recorded.get(id)?.outcome === "transformation_failed" && !isTransformationFault(content);
      })
      .map((event) => [event.message.id, event]),
  );
  const changed = [...known.recorded.values()].flatMap((record) => {
    const event = mended.get(record.id);
    const decision = decided.get(record.id) ?? (event === undefined ? undefined : withoutAlert(event.message));
    if (decision === undefined || isSame(record, decision)) return [];
    return [{ record, decision, ...(event === undefined ? {} : { mended: event }) }];
  });
  return { fresh, changed, touched, replaced };
}

/** Step 2: decides the outcome of each event, and which outcomes on record it changes. Pure. */
export function decide(_context: Context, batch: AppendedBatch): DecidedBatch {
  const { owners, histories, recorded, merged } = batch;
  const whole = new Set(merged.keys());
  return { ...batch, stage: "decided", ...decideEvents(batch.events, { owners, histories, recorded, whole }) };
}
