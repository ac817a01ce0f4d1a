import type { History } from "../model/episode.ts";
import { applyEvents, inOrder, unresolved } from "./timeline.ts";

/** A log with more entries than this is compacted to half as many. */
const MAX_LOG = 512;
/** A log with more entries is compacted even if events in it are not on record: its row must stay far below 2 MB. */
const MAX_WHOLE_LOG = 8 * MAX_LOG;
/** A compaction writes a row, so that it must replace at least so many events. */
const MIN_COMPACTED = MAX_LOG / 4;

/**
 * Shortens a history to its newest `keep` events. The older ones are replaced by the alert that they left unresolved.
 * An event that arrives later with an older time can then no longer be put before them.
 */
export function compact<H extends History>(history: H, keep: number): H {
  const entries = inOrder(history.log);
  const old = entries.slice(0, Math.max(0, entries.length - keep));
  const last = old.at(-1);
  if (last === undefined) return history;
  const { episodes } = applyEvents({ ...history, log: Object.fromEntries(old) });
  const [lastId] = last;
  const before = history.compacted?.through ?? "";
  const through = lastId > before ? lastId : before;
  const compacted = { through, episode: unresolved(episodes.at(-1) ?? null) };
  const log = Object.fromEntries(entries.slice(old.length));
  const urgencies = Object.fromEntries(
    Object.entries(history.urgencies ?? {}).filter(([id]) => Object.hasOwn(log, id)),
  );
  return { ...history, log, urgencies, compacted };
}

/** Returns the ids of the events that `compactLong` may replace, none if the log is not too long. */
export function idsToCompact({ log }: History): string[] {
  const entries = inOrder(log);
  return entries.length > MAX_LOG ? entries.slice(0, entries.length - MAX_LOG / 2).map(([id]) => id) : [];
}

/**
 * Compacts a history whose log is too long, up to its first event that is not on record: that one has yet to be decided, and
 * after a compaction it would count as a latecomer. Returns null if the log is not too long, or too little can be replaced.
 */
export function compactLong<H extends History>(history: H, isOnRecord: (eventId: string) => boolean): H | null {
  const ids = idsToCompact(history);
  const length = Object.keys(history.log).length;
  const first = length > MAX_WHOLE_LOG ? -1 : ids.findIndex((id) => !isOnRecord(id));
  const count = first < 0 ? ids.length : first;
  return count < MIN_COMPACTED ? null : compact(history, length - count);
}
