import type { History } from "../model/episode.ts";
import { applyEvents, inOrder, unresolved } from "./timeline.ts";

/** A log with more entries than this is compacted to half as many. */
const MAX_LOG = 512;

/**
 * Shortens a history to its newest `keep` events. The older ones are replaced by the alert that they left unresolved.
 * An event that arrives later with an older time can then no longer be put before them.
 */
export function compact<H extends History>(history: H, keep: number): H {
  const entries = inOrder(history.log);
  const old = entries.slice(0, Math.max(0, entries.length - keep));
  const last = old.at(-1);
  if (last === undefined) return history;
  const { episodes } = applyEvents({ log: Object.fromEntries(old), compacted: history.compacted });
  const [lastId] = last;
  const before = history.compacted?.through ?? "";
  const through = lastId > before ? lastId : before;
  const compacted = { through, episode: unresolved(episodes.at(-1) ?? null) };
  return { ...history, log: Object.fromEntries(entries.slice(old.length)), compacted };
}

/** Compacts a history whose log is too long. Returns null if it is not. */
export function compactLong<H extends History>(history: H): H | null {
  return Object.keys(history.log).length > MAX_LOG ? compact(history, MAX_LOG / 2) : null;
}
