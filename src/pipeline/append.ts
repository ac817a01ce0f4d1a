import type { Context } from "../context.ts";
import type { MergedHistory } from "../model/alias.ts";
import type { HistoryKey } from "../model/episode.ts";
import { SHARED_NAMESPACE } from "../model/event.ts";
import { timeOf } from "../model/ids.ts";
import { RESCUE_AFTER_MS } from "../platform/limits.ts";
import { type AppendResult, type EventToAppend, appendEvents, historyName } from "../storage/pipeline/append.ts";
import type { OutboxRow } from "../storage/pipeline/outbox.ts";
import { thawEvents } from "../storage/segments/thaw.ts";
import type { Accepted, AcceptedBatch, Stage } from "./batch.ts";
import { historyOf, resolveAliases } from "./resolve-aliases.ts";

/** An event with the history that it belongs to, or null if it acts on no alert. */
export type AppendedEvent = Accepted & { readonly history: HistoryKey | null };

/** The events are in the histories of their keys, and the histories and the events on record were read. */
export type AppendedBatch = Stage<
  "appended",
  AcceptedBatch,
  AppendResult & {
    readonly events: readonly AppendedEvent[];
    /** By name of a history: the histories that were merged into it. */
    readonly merged: ReadonlyMap<string, readonly MergedHistory[]>;
  }
>;

/** Rows for the outbox, so that no event is in a history only, if queues do not outlive the process. */
function outboxRows({ settings, clock }: Context, accepted: readonly Accepted[]): OutboxRow[] {
  if (settings.accept_durability === "queue") return [];
  const send_at = clock() + RESCUE_AFTER_MS;
  // What a transformation made of a message is made again from the message.
  const origins = new Map(accepted.map((each) => [(each.origin ?? each).message.id, each.origin ?? each]));
  return [...origins.values()].map(({ message, stored_at }) => {
    const { v, id, integration_id, from } = message;
    const reference = { v, id, stored_at, integration_id, from };
    return { id, message: JSON.stringify(stored_at === null ? message : reference), send_at };
  });
}

function rowOf({ message, history }: AppendedEvent, merged: AppendedBatch["merged"]): EventToAppend {
  const { id, integration_id, repeat_key, signed_key, content } = message;
  const { signal } = content;
  const placed =
    history !== null && "key" in signal
      ? {
          ...history,
          action: signal.action,
          urgency: "fields" in signal ? signal.fields.urgency : null,
          whole: merged.has(historyName(history)),
        }
      : null;
  const idempotency_keys = [repeat_key, signed_key].filter((key) => typeof key === "string");
  return { id, integration_id, idempotency_keys, signed_key: signed_key ?? null, history: placed };
}

/** Younger events are in no segment: those that move are a minute old, at least. */
const MAYBE_COLD_MS = 30_000;
/** The events of histories that are brought back for one batch, at most: the newest ones. */
const MAX_THAWED = 500;

/** Brings events back from segments that messages bring again: their rows say that they are recorded. */
async function thawRepeated(context: Context, accepted: readonly Accepted[]): Promise<void> {
  const before = context.clock() - MAYBE_COLD_MS;
  const old = accepted.flatMap(({ message: { id } }) => (timeOf(id) < before ? [id] : []));
  if (old.length > 0) await thawEvents(context, old);
}

/**
 * Brings events back from segments whose outcome the batch can change: those of their histories after a late event, and all of a history
 * that was merged. Returns whether there were any.
 */
async function thawLater(context: Context, events: readonly EventToAppend[], result: AppendResult): Promise<boolean> {
  const before = context.clock() - MAYBE_COLD_MS;
  const from = new Map<string, string>();
  for (const { id, history } of events) {
    if (history === null || !(history.whole || timeOf(id) < before)) continue;
    const name = historyName(history);
    const after = history.whole ? "" : id;
    const known = from.get(name);
    if (known === undefined || after < known) from.set(name, after);
  }
  if (from.size === 0) return false;
  const own = new Set(events.map(({ id }) => id));
  const missing = result.histories.flatMap((history) => {
    const after = from.get(historyName(history));
    if (after === undefined) return [];
    const ids = Object.keys(history.log).filter((id) => id > after && timeOf(id) < before);
    return ids.filter((id) => !own.has(id) && !result.recorded.has(id));
  });
  if (missing.length === 0) return false;
  return (await thawEvents(context, missing.toSorted().slice(-MAX_THAWED))).size > 0;
}

/**
 * Step 1: claims idempotency keys and adds the events to the histories of their keys, in one transaction that also reads
 * the histories. A repetition changes nothing. Throws if D1 cannot be read or written.
 */
export async function append(context: Context, batch: AcceptedBatch): Promise<AppendedBatch> {
  const { db } = context.shard;
  const aliases = await resolveAliases(
    db,
    batch.accepted.map(({ message }) => message),
  );
  const events = batch.accepted.map((each) => ({ ...each, history: historyOf(each.message, aliases) }));
  const merged = new Map(
    [...aliases.merged].map(([key, histories]) => [historyName({ namespace: SHARED_NAMESPACE, key }), histories]),
  );
  await thawRepeated(context, batch.accepted);
  const rows = events.map((event) => rowOf(event, merged));
  const first = await appendEvents(db, rows, outboxRows(context, batch.accepted));
  const appended = (await thawLater(context, rows, first)) ? await appendEvents(db, rows, []) : first;
  return { ...batch, stage: "appended", events, merged, ...appended };
}
