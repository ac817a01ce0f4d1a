import type { Context } from "../context.ts";
import { recordEdits } from "../delivery/attempts/record.ts";
import { joinAttempts } from "../delivery/attempts/transitions.ts";
import type { Delivery } from "../model/delivery.ts";
import type { EventRecord } from "../model/event.ts";
import { talliesOfChange, talliesOfEvent } from "../model/series.ts";
import { type NewlyCaptured, newlyCaptured } from "../storage/alerts/captured-values.ts";
import { type UnreadNumber, unreadNumber } from "../storage/maintenance/accepted-numbers.ts";
import { rowFormAt } from "../storage/config/revision.ts";
import { historyName } from "../storage/pipeline/append.ts";
import { type CommitBatch, type FinishedEvent, commitBatch } from "../storage/pipeline/commit.ts";
import type { OpenGroup } from "../storage/pipeline/groups.ts";
import type { AttemptedBatch } from "./attempt.ts";
import type { Stage } from "./batch.ts";

/** The rows are on record. */
export type CommittedBatch = Stage<
  "committed",
  AttemptedBatch,
  {
    /** The events that this batch has written. */
    readonly written: readonly EventRecord[];
    readonly opened_groups: readonly OpenGroup[];
    /** Names of histories that other consumers have changed meanwhile: their events must be decided again. */
    readonly moved: ReadonlySet<string>;
  }
>;

/** The events that the outbox need not keep any more, each with the version of the history that it was decided by. */
function finishedEvents({ events, histories, unfinished, blocked }: AttemptedBatch): FinishedEvent[] {
  const byName = new Map(histories.map((each) => [historyName(each), each]));
  const isOpen = ({ message: { id }, history }: (typeof events)[number]): boolean =>
    unfinished.has(id) || (history !== null && blocked.has(historyName(history)));
  // The outbox has the message, of which a transformation may have made several events: it keeps the message for all of them.
  const openOrigins = new Set(events.filter(isOpen).map(({ message, origin }) => (origin?.message ?? message).id));
  return events.flatMap(({ message, history, origin }) => {
    const { id } = origin?.message ?? message;
    const name = history === null ? null : historyName(history);
    if (openOrigins.has(id)) return [];
    const read = name === null ? undefined : byName.get(name);
    return {
      id,
      history: read === undefined ? null : { namespace: read.namespace, key: read.key, version: read.version },
    };
  });
}

/** An event that is older than this may be at or below the watermark of the rollups, which passes events of a minute's age. */
const MAYBE_LATE_MS = 30_000;

/** Returns the numbers that maintenance may not read from the rows of events: of a sender's repeats, and of late events. */
function unreadNumbers({ events, owners }: AttemptedBatch, nowMs: number): UnreadNumber[] {
  return events.flatMap(({ message }) => {
    const isRepeat = (owners.get(message.id) ?? message.id) !== message.id;
    const isMaybeLate = nowMs - Date.parse(message.received_at) > MAYBE_LATE_MS;
    return isRepeat || isMaybeLate ? unreadNumber(message, isRepeat) : [];
  });
}

/** Returns what the batch adds to charts that no pass of the rollups counts. */
function tallies({ rows, loaded }: AttemptedBatch, nowMs: number): CommitBatch["tallies"] {
  const late = rows.events.filter(({ record }) => nowMs - Date.parse(record.received_at) > MAYBE_LATE_MS);
  return {
    late: late.map(({ record }) => ({ id: record.id, tallies: talliesOfEvent(record) })),
    corrected: rows.corrections.flatMap(({ record }) => {
      const before = loaded.get(record.id)?.deliveries;
      if (before === undefined) return [];
      const { id, version, deliveries } = record;
      return [{ id, version, tallies: talliesOfChange(record, before, deliveries) }];
    }),
  };
}

/** Returns what first attempts captured. */
function captured({ rows, loaded }: AttemptedBatch): readonly NewlyCaptured[] {
  return [
    ...rows.events.flatMap(({ record }) => newlyCaptured(record, null, [], record.deliveries)),
    ...rows.corrections.flatMap(({ record }) =>
      newlyCaptured(record, record.version, loaded.get(record.id)?.deliveries ?? [], record.deliveries),
    ),
  ];
}

/** Enters the attempts made for events that another consumer has recorded meanwhile; it planned the same deliveries. */
async function enterElsewhere({ shard, caches }: Context, records: readonly EventRecord[]): Promise<void> {
  const attempted = records.flatMap((record) => record.deliveries).filter((ours) => ours.attempts.length > 0);
  const edits = attempted.map((ours) => ({
    event_id: ours.event_id,
    delivery_id: ours.id,
    edit: (theirs: Delivery): Delivery => joinAttempts(theirs, ours),
  }));
  await recordEdits(shard.db, edits, [], caches.config.rowForm());
}

/**
 * Step 6: writes all rows in one transaction. A repetition changes nothing: events are inserted once, and corrections and
 * alerts are written only by the consumer that saw their latest state. Throws if D1 cannot be written.
 */
export async function commit(context: Context, batch: AttemptedBatch): Promise<CommittedBatch> {
  const { rows, histories, changed } = batch;
  const { inserted, corrected, opened, moved } = await commitBatch(context.shard.db, {
    ...rows,
    histories,
    outbox: finishedEvents(batch),
    tallies: tallies(batch, context.clock()),
    captured: captured(batch),
    unread: unreadNumbers(batch, context.clock()),
    row_form: rowFormAt(batch.config, context.clock()),
  });
  const isOurs = ({ id }: EventRecord): boolean => inserted.has(id);
  const news = rows.events.map(({ record }) => record);
  const corrections = rows.corrections.map(({ record }) => record).filter(({ id }) => corrected.has(id));
  await enterElsewhere(
    context,
    news.filter((record) => !isOurs(record)),
  );
  // A correction that another consumer forestalled is decided again, as if its history had moved.
  const missed = changed.filter(({ record }) => !corrected.has(record.id));
  const again = missed.flatMap(({ decision }) => (decision.history === null ? [] : historyName(decision.history)));
  return {
    ...batch,
    stage: "committed",
    written: [...news.filter(isOurs), ...corrections],
    opened_groups: opened,
    moved: new Set([...moved, ...again]),
  };
}
