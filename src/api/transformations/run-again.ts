import type { Context } from "../../context.ts";
import { deleteFailedContent, retransform } from "../../pipeline/retransform.ts";
import type { LocatedEvent } from "./failed-events.ts";

/** After so many failures in a row, the code is taken to fail for the rest, too. */
export const MAX_IN_A_ROW = 3;
/** The events that pass the pipeline together. */
const MAX_AT_A_TIME = 10;
/** No more events are begun after this time, in ms: the caller waits. */
const MAX_MS = 10_000;

/** What became of events that were run again. */
export type Rerun = {
  /** So many were run: the first ones. */
  readonly done: number;
  /** Why the transformations of events failed again, by the ids of the events, in their order. */
  readonly failing: ReadonlyMap<string, string>;
  /** Whether the last ones that were run failed in a row, so that no others were. */
  readonly is_stopped: boolean;
};

/** Runs events of several shards. Returns why each of those fails that fail, by its id. */
async function runPart(part: readonly LocatedEvent[]): Promise<ReadonlyMap<string, string>> {
  const failing = new Map<string, string>();
  for (const [at, located] of Map.groupBy(part, (each) => each.at)) {
    const events = located.map(({ event }) => event);
    const faults = await retransform(at, events);
    for (const [id, note] of faults) failing.set(id, note);
    await deleteFailedContent(
      at,
      events.flatMap(({ id }) => (faults.has(id) ? [] : [id])),
    );
  }
  return failing;
}

/** Returns how many of the last events failed in a row. */
function failedInARow(events: readonly LocatedEvent[], failing: ReadonlyMap<string, string>): number {
  return events.length - 1 - events.findLastIndex(({ event }) => !failing.has(event.id));
}

/**
 * Passes events through their transformations again, in order and a few at a time, until MAX_IN_A_ROW fail in a row or the time is
 * over. The first events always run. Throws if D1 or R2 cannot be read or written.
 */
export async function runAgain(context: Context, rows: readonly LocatedEvent[]): Promise<Rerun> {
  const failing = new Map<string, string>();
  const startedAt = context.clock();
  // Code that was changed a moment ago must not run in its earlier version.
  context.caches.config.forget();
  let done = 0;
  let is_stopped = false;
  while (done < rows.length && !is_stopped && (done === 0 || context.clock() - startedAt < MAX_MS)) {
    // The first part is small, because the code may still fail for all.
    const part = rows.slice(done, done + (done === 0 ? MAX_IN_A_ROW : MAX_AT_A_TIME));
    const faults = await runPart(part);
    for (const { event } of part) {
      const note = faults.get(event.id);
      if (note !== undefined) failing.set(event.id, note);
    }
    done += part.length;
    is_stopped = failedInARow(rows.slice(0, done), failing) >= MAX_IN_A_ROW;
  }
  return { done, failing, is_stopped };
}
