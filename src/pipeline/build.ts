import { compactLong } from "../alerts/compact.ts";
import type { Context } from "../context.ts";
import type { StoredHistory } from "../model/episode.ts";
import { alertIdOf } from "../model/ids.ts";
import { takeTurns } from "../model/turns.ts";
import type { AlertRow, GoneAlert } from "../storage/pipeline/commit-alerts.ts";
import type { Correction, NewEvent } from "../storage/pipeline/commit.ts";
import { historyName } from "../storage/pipeline/append.ts";
import { alertRow } from "./alert-rows.ts";
import type { Stage } from "./batch.ts";
import type { LoadedBatch } from "./load.ts";
import type { FirstAttempt } from "./plan.ts";
import { type Pending, type RowSources, columnOf, correctedRow, newRow } from "./pending-rows.ts";

/** Rows as they are to be written. */
type PendingRows = {
  readonly events: readonly NewEvent[];
  readonly corrections: readonly Correction[];
  readonly alerts: readonly AlertRow[];
  readonly gone_alerts: readonly GoneAlert[];
  readonly compactions: readonly StoredHistory[];
};

/** All rows are built, and it is known which deliveries to attempt at once. */
export type BuiltBatch = Stage<
  "built",
  LoadedBatch,
  {
    readonly rows: PendingRows;
    readonly first_attempts: readonly FirstAttempt[];
    /** Ids of events that come again: another consumer has the opener of their alert, it did not fit into memory, or they are carried over. */
    readonly unfinished: ReadonlySet<string>;
    /** Ids of the events among them that the allowance did not suffice for. */
    readonly carried_over: ReadonlySet<string>;
    /** Names of histories with an event on record that cannot be corrected yet, for the same reasons or for lack of memory. */
    readonly blocked: ReadonlySet<string>;
  }
>;

type BuiltEvents = Pick<BuiltBatch, "first_attempts" | "unfinished" | "carried_over" | "blocked"> &
  Pick<PendingRows, "events" | "corrections">;

async function buildEvents(
  sources: RowSources,
  { fresh, changed, loaded, invocation: { allowance } }: LoadedBatch,
): Promise<BuiltEvents> {
  const unfinished = new Set<string>();
  const carriedOver = new Set<string>();
  const news: Pending<NewEvent>[] = [];
  // An integration with costly events must not use up the allowance before the others have had their turn.
  for (const { event, decision } of takeTurns(fresh, (each) => each.event.message.integration_id)) {
    const { id } = event.message;
    if (allowance.isUsedUp) {
      carriedOver.add(id);
      unfinished.add(id);
      continue;
    }
    const pending = await newRow(sources, event, decision);
    if (pending === null) unfinished.add(id);
    else news.push(pending);
    await allowance.pause();
  }
  const blocked = new Set<string>();
  const corrections: Pending<Correction>[] = [];
  for (const { record, decision, mended } of changed) {
    const base = loaded.get(record.id);
    // An event that has changed since it was decided is decided again.
    const isCurrent = base !== undefined && base.version === record.version;
    // What was erased meanwhile stays erased.
    const isErased = base?.content === null;
    const content = isErased ? null : (mended?.message.content ?? base?.content ?? null);
    const pending = isCurrent && !allowance.isUsedUp ? await correctedRow(sources, base, decision, content) : null;
    if (pending !== null) {
      const column = mended === undefined || isErased ? {} : { content: columnOf(mended) };
      corrections.push({ ...pending, row: { ...pending.row, ...column } });
    } else if (mended !== undefined) unfinished.add(record.id);
    else if (decision.history !== null) blocked.add(historyName(decision.history));
    await allowance.pause();
  }
  // The deliveries of an alert are sent in order of receipt.
  news.sort((a, b) => (a.row.record.id < b.row.record.id ? -1 : 1));
  return {
    events: news.map(({ row }) => row),
    corrections: corrections.map(({ row }) => row),
    first_attempts: [...news, ...corrections].flatMap((pending) => pending.first_attempts),
    unfinished,
    carried_over: carriedOver,
    blocked,
  };
}

/** Returns the events of the batch whose alert could not be read, for lack of memory: they come again and find it. */
function withoutAlertRow({ events, touched, fields }: LoadedBatch): readonly string[] {
  if (fields.left_out.size === 0) return [];
  const left = touched.filter(({ episode }) => fields.left_out.has(alertIdOf(episode.opened_by)));
  const names = new Set(left.map(({ history }) => historyName(history)));
  return events.flatMap(({ message, history }) =>
    history !== null && names.has(historyName(history)) ? [message.id] : [],
  );
}

/** Step 4: builds the rows of events and alerts, and plans the deliveries, as far as the allowance suffices. Reads nothing. */
export async function build({ caches, clock }: Context, batch: LoadedBatch): Promise<BuiltBatch> {
  const { config, fields, histories, merged, touched, replaced, unrecorded } = batch;
  const at = new Date(clock()).toISOString();
  const work = batch.invocation.allowance;
  const built = await buildEvents({ config, health: caches.health, fields, at, work }, batch);
  const { events, corrections, first_attempts, blocked, carried_over } = built;
  const unfinished = new Set([...built.unfinished, ...withoutAlertRow(batch)]);
  const written = new Set(events.map(({ record }) => record.id));
  const isOnRecord = (id: string): boolean => written.has(id) || !unrecorded.has(id);
  const mayBeLone = clock() >= config.lone_alerts_from;
  const rows = {
    events,
    corrections,
    alerts: touched.flatMap((each) => {
      const row = alertRow(each, fields);
      return row === null ? [] : { ...row, is_lone: mayBeLone && row.is_lone };
    }),
    gone_alerts: replaced.map(({ history: { namespace, key, version }, id }) => ({
      namespace,
      key,
      history_version: version,
      id,
    })),
    // A history that others are merged into stays whole until the merge is committed: another merge may follow.
    compactions: histories.flatMap((history) =>
      merged.has(historyName(history)) ? [] : (compactLong(history, isOnRecord) ?? []),
    ),
  };
  return { ...batch, stage: "built", rows, first_attempts, blocked, unfinished, carried_over };
}
