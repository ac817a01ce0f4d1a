import { compactLong } from "../alerts/compact.ts";
import type { Context } from "../context.ts";
import type { StoredHistory } from "../model/episode.ts";
import type { AlertRow, Correction, GoneAlert, NewEvent } from "../storage/pipeline/commit.ts";
import { historyName } from "../storage/pipeline/append.ts";
import { alertRow } from "./alert-rows.ts";
import type { Stage } from "./batch.ts";
import type { LoadedBatch } from "./load.ts";
import type { FirstAttempt } from "./plan.ts";
import { type RowSources, correctedRow, newRow } from "./pending-rows.ts";

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
    /** Ids of events that have no row yet, because another consumer has the opener of their alert. */
    readonly unfinished: ReadonlySet<string>;
    /** Names of histories with an event on record that cannot be corrected yet, for the same reason or for lack of memory. */
    readonly blocked: ReadonlySet<string>;
  }
>;

type BuiltEvents = Pick<BuiltBatch, "first_attempts" | "unfinished" | "blocked"> &
  Pick<PendingRows, "events" | "corrections">;

function buildEvents(sources: RowSources, { fresh, changed, loaded }: LoadedBatch): BuiltEvents {
  const unfinished = new Set<string>();
  const news = fresh.flatMap(({ event, decision }) => {
    const pending = newRow(sources, event, decision);
    if (pending === null) unfinished.add(event.message.id);
    return pending ?? [];
  });
  const blocked = new Set<string>();
  const corrections = changed.flatMap(({ record, decision }) => {
    const base = loaded.get(record.id);
    // An event that has changed since it was decided is decided again.
    const isCurrent = base !== undefined && base.version === record.version;
    const pending = isCurrent ? correctedRow(sources, base, decision, base.content) : null;
    if (pending === null && decision.history !== null) blocked.add(historyName(decision.history));
    return pending ?? [];
  });
  return {
    events: news.map(({ row }) => row),
    corrections: corrections.map(({ row }) => row),
    first_attempts: [...news, ...corrections].flatMap((pending) => pending.first_attempts),
    unfinished,
    blocked,
  };
}

/** Step 4: builds the rows of events and alerts, and plans the deliveries. Reads nothing. */
export function build({ caches, clock }: Context, batch: LoadedBatch): BuiltBatch {
  const { config, fields, histories, merged, touched, replaced } = batch;
  const at = new Date(clock()).toISOString();
  const { events, corrections, ...rest } = buildEvents({ config, health: caches.health, fields, at }, batch);
  const rows = {
    events,
    corrections,
    alerts: touched.flatMap((each) => alertRow(each, fields) ?? []),
    gone_alerts: replaced.map(({ history: { namespace, key, version }, id }) => ({
      namespace,
      key,
      history_version: version,
      id,
    })),
    // A history that others are merged into stays whole until the merge is committed: another merge may follow.
    compactions: histories.flatMap((history) => (merged.has(historyName(history)) ? [] : (compactLong(history) ?? []))),
  };
  return { ...batch, ...rest, stage: "built", rows };
}
