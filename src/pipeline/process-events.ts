import { compactLong } from "../alerts/compact.ts";
import type { Context } from "../context.ts";
import { enqueueDeliveries, enqueueGroupCloses } from "../delivery/attempts/enqueue.ts";
import { makeFirstAttempts } from "../delivery/attempts/first-attempts.ts";
import { joinAttempts } from "../delivery/attempts/transitions.ts";
import { recordEdits } from "../delivery/attempts/record.ts";
import type { Delivery } from "../model/delivery.ts";
import type { StoredHistory } from "../model/episode.ts";
import type { EventMessage, EventRecord } from "../model/event.ts";
import { alertIdOf, lowestIdAt, timeOf } from "../model/ids.ts";
import { forgetJoined } from "../storage/alerts/aliases.ts";
import { bodyKey } from "../storage/events/bodies.ts";
import { readContents } from "../storage/events/contents.ts";
import { type Enrolled, type Enrollment, enroll, historyName } from "../storage/pipeline/append.ts";
import type { OutboxRow } from "../storage/pipeline/outbox.ts";
import { ABOVE_ALL_IDS } from "../storage/tables.ts";
import type { NewEvent } from "../storage/events/events.ts";
import { type AlertRow, type Correction, settle } from "../storage/pipeline/commit.ts";
import { type Aliases, joinedHistory, resolveAliases } from "./resolve-aliases.ts";
import { type TouchedAlert, decide } from "./decide.ts";
import { type Accepted, type Draft, type DraftSources, draftCorrection, draftNew, shownKey } from "./pending-rows.ts";
import { type FieldSource, findFields } from "./fields.ts";

/** What processing left to be done. */
export type Processed = {
  /** Events that cannot be finished yet, because another consumer is at work on the same alert. */
  readonly unfinished: ReadonlySet<string>;
  /** Waits for the attempts that are still under way, beside the next batch. */
  readonly finish: () => Promise<void>;
};

/** How often a batch is gone over again because others added to the same alerts. */
const MAX_ROUNDS = 6;
const DAY_MS = 86_400_000;

function enrollmentOf(message: EventMessage, aliases: Aliases): Enrollment {
  const { id, integration_id, repeat_key, content } = message;
  const { signal } = content;
  const joined = joinedHistory(message, aliases);
  const whole = joined !== null && aliases.joined.has(historyName(joined));
  const history = joined !== null && "key" in signal ? { ...joined, action: signal.action, whole } : null;
  return { id, integration_id, idempotency_key: repeat_key, history };
}

/** How long the sweep leaves events to the queue that has them now, in ms. */
const SWEEP_AFTER_MS = 10_000;

/** What the outbox is to hold, where queues do not outlive the process. */
function outboxRows(context: Context, accepted: readonly Accepted[]): OutboxRow[] {
  if (context.settings.accept_durability === "queue") return [];
  const send_at = context.clock() + SWEEP_AFTER_MS;
  return accepted.map(({ message, stored_at }) => {
    const { v, id } = message;
    return { id, message: JSON.stringify(stored_at === null ? message : { v, id, stored_at }), send_at };
  });
}

function isoOf(eventId: string): string {
  return new Date(timeOf(eventId)).toISOString();
}

/** The row of an alert; null while its fields are not known, for then another consumer will write it. */
function alertRowOf({ history, episode }: TouchedAlert, source: FieldSource): AlertRow | null {
  const id = alertIdOf(episode.opened_by);
  const fields = source.fields.get(episode.fields_from);
  const opener = source.openers.get(id);
  const shown_key = shownKey(history, episode, source);
  if (fields === undefined || opener === undefined || shown_key === null) return null;
  const { status, fields_from, dedup_count, acknowledged_by, resolved_by } = episode;
  return {
    namespace: history.namespace,
    key: history.key,
    history_version: history.version,
    shown_key,
    id,
    integration_id: opener.integration_id,
    status,
    fields,
    fields_from,
    dedup_count,
    created_at: isoOf(episode.opened_by),
    updated_at: isoOf(episode.last_event),
    acknowledged_at: acknowledged_by === null ? null : isoOf(acknowledged_by),
    resolved_at: resolved_by === null ? null : isoOf(resolved_by),
  };
}

function compactionsOf(histories: readonly StoredHistory[]): StoredHistory[] {
  return histories.flatMap((history) => {
    return compactLong(history) ?? [];
  });
}

/** What an event of the gateway's own says of itself for its row. */
function announcedIn({ signal }: EventMessage["content"]): Pick<NewEvent, "weight" | "group_id"> {
  return signal.action === "announce" ? { weight: signal.weight ?? 1, group_id: signal.group_id } : {};
}

function withAttempts({ record, alert, memberships }: Draft, made: ReadonlyMap<string, Delivery>): Correction {
  const deliveries = record.deliveries.map((delivery) => made.get(delivery.id) ?? delivery);
  return { record: { ...record, deliveries }, alert, memberships };
}

/** Enters the attempts made for events that another consumer has recorded meanwhile; it planned the same deliveries. */
async function enterElsewhere(context: Context, records: readonly EventRecord[]): Promise<void> {
  const attempted = records.flatMap((record) => record.deliveries).filter((ours) => ours.attempts.length > 0);
  const edits = attempted.map((ours) => ({
    event_id: ours.event_id,
    delivery_id: ours.id,
    edit: (theirs: Delivery): Delivery => joinAttempts(theirs, ours),
  }));
  await recordEdits(context.shard.db, edits);
}

/**
 * Whether to wait for an event that an alert began with, and that another consumer still has. One that has been waited for
 * in vain is lost, and must not hold up its alert for ever: what it said stays unknown until it turns up after all.
 */
export type Patience = "wait" | "give_up";

type Round = Processed & {
  /** Names of the histories that have to be gone over again. */
  readonly moved: ReadonlySet<string>;
};

async function runRound(
  context: Context,
  accepted: readonly Accepted[],
  enrolled: Enrolled,
  aliases: Aliases,
  patience: Patience,
): Promise<Round> {
  const { shard, caches, settings } = context;
  const messages = accepted.map((each) => each.message);
  const { fresh, changed, alerts, gone } = decide(messages, { ...enrolled, whole: new Set(aliases.joined.keys()) });
  const [catalog, , fields, contents] = await Promise.all([
    caches.config.load(),
    caches.health.refresh(context.primary),
    findFields(
      context,
      // Of what is on record, what is there counts: it may have been erased since.
      fresh.map(({ message }) => message),
      [...fresh, ...changed].map((each) => each.decision),
      alerts,
      patience === "give_up"
        ? ABOVE_ALL_IDS
        : lowestIdAt("evt", Math.max(0, context.clock() - settings.retention_days * DAY_MS)),
    ),
    readContents(
      context,
      changed.map((each) => each.record.id),
    ),
  ]);
  const sources: DraftSources = {
    catalog,
    health: caches.health,
    fields,
    at: new Date(context.clock()).toISOString(),
  };

  const columns = new Map(
    accepted.map(({ message, stored_at }) => [message.id, stored_at === null ? message.content : { stored_at }]),
  );
  const unfinished = new Set<string>();
  const news: Draft[] = [];
  for (const { message, decision } of fresh) {
    const draft = draftNew(sources, message, decision);
    if (draft === null) unfinished.add(message.id);
    else news.push(draft);
  }
  const corrections: Draft[] = [];
  /** Histories with an event that cannot be corrected yet: whoever joined them has to come back, also after a kill. */
  const stuck = new Set<string>();
  for (const { record, decision } of changed) {
    const draft = draftCorrection(sources, record, decision, contents.get(record.id) ?? null);
    if (draft !== null) corrections.push(draft);
    else if (decision.history !== null) stuck.add(historyName(decision.history));
  }

  const attempts = await makeFirstAttempts(
    context,
    [...news, ...corrections].flatMap((draft) => draft.firsts),
  );
  const announced = new Map(messages.map(({ id, content }) => [id, announcedIn(content)]));
  const newRows = news.map((draft) => ({
    ...withAttempts(draft, attempts.deliveries),
    ...announced.get(draft.record.id),
    content: columns.get(draft.record.id) ?? { stored_at: bodyKey(draft.record.id) },
  }));
  const correctedRows = corrections.map((draft) => withAttempts(draft, attempts.deliveries));
  const readHistories = new Map(enrolled.histories.map((history) => [historyName(history), history]));
  const settled = await settle(shard.db, {
    events: newRows,
    corrections: correctedRows,
    alerts: alerts.flatMap((each) => alertRowOf(each, fields) ?? []),
    gone_alerts: gone.map(({ history: { namespace, key, version }, id }) => ({
      namespace,
      key,
      history_version: version,
      id,
    })),
    // What is being joined may be joined once more, so it has to be whole.
    compactions: compactionsOf(enrolled.histories.filter((history) => !aliases.joined.has(historyName(history)))),
    histories: enrolled.histories,
    outbox: messages.flatMap((message) => {
      const { id } = message;
      const key = joinedHistory(message, aliases);
      const read = key === null ? undefined : readHistories.get(historyName(key));
      const history = read && { namespace: read.namespace, key: read.key, version: read.version };
      const isOpen = unfinished.has(id) || (key !== null && stuck.has(historyName(key)));
      return isOpen ? [] : [{ id, history: history ?? null }];
    }),
  });

  const recorded = [
    ...newRows.filter(({ record }) => settled.inserted.has(record.id)),
    ...correctedRows.filter(({ record }) => settled.corrected.has(record.id)),
  ];
  await enterElsewhere(
    context,
    newRows.filter(({ record }) => !settled.inserted.has(record.id)).map(({ record }) => record),
  );
  const waiting = recorded
    .flatMap(({ record }) => record.deliveries)
    .filter((each) => !attempts.under_way.has(each.id));
  await enqueueDeliveries(shard, waiting, context.clock());
  await enqueueGroupCloses(shard, settled.opened, context.clock());

  // A correction that another consumer got in the way of is worked out again, like a history that has moved.
  const missed = changed.filter(({ record }) => !settled.corrected.has(record.id));
  const again = missed.flatMap(({ decision }) => (decision.history === null ? [] : [historyName(decision.history)]));
  const moved = new Set([...settled.moved, ...again]);
  const done = [...aliases.joined].flatMap(([name, joined]) => (moved.has(name) ? [] : joined));
  if (done.length > 0) await forgetJoined(shard.db, done);
  return { moved, unfinished, finish: attempts.finish };
}

/**
 * Processes accepted events: enrols them, decides what they came to, plans and tries their deliveries, and records it all.
 * Doing it again changes nothing. Where others add to the same alerts meanwhile it goes over them again, until what is on
 * record is what the whole set of events calls for. Throws where D1 or R2 cannot be read or written.
 */
export async function processEvents(
  context: Context,
  accepted: readonly Accepted[],
  patience: Patience = "wait",
): Promise<Processed> {
  const finishes: (() => Promise<void>)[] = [];
  const unfinished = new Set<string>();
  // A queue may hand over one message twice, in one batch too.
  const distinct = new Map(accepted.map((each) => [each.message.id, each]));
  let left: readonly Accepted[] = [...distinct.values()].toSorted((a, b) => (a.message.id < b.message.id ? -1 : 1));
  for (let round = 0; left.length > 0 && round < MAX_ROUNDS; round++) {
    const messages = left.map(({ message }) => message);
    const aliases = await resolveAliases(context.shard.db, messages);
    const enrollments = messages.map((message) => enrollmentOf(message, aliases));
    const enrolled = await enroll(context.shard.db, enrollments, outboxRows(context, left));
    const result = await runRound(context, left, enrolled, aliases, patience);
    finishes.push(result.finish);
    for (const id of result.unfinished) unfinished.add(id);
    left = left.filter(({ message }) => {
      const history = joinedHistory(message, aliases);
      return history !== null && result.moved.has(historyName(history)) && !unfinished.has(message.id);
    });
  }
  for (const { message } of left) unfinished.add(message.id);
  return { unfinished, finish: async () => void (await Promise.all(finishes.map((finish) => finish()))) };
}
