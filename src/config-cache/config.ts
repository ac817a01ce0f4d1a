import type { PrimaryDatabase } from "../platform/shards.ts";
import { type ConfigSnapshot, readConfig } from "../storage/config/config.ts";
import { readState, rowFormAt } from "../storage/config/revision.ts";
import type { RowForm } from "../storage/events/log.ts";

/** How long a snapshot is used before its revision is read again, in ms. */
const FRESH_MS = 5_000;

/** The routes and destinations that an isolate's consumers use. */
export type ConfigCache = {
  /** Returns a snapshot that is at most some seconds old. Throws if D1 cannot be read: a consumer then retries its messages. */
  load(): Promise<ConfigSnapshot>;
  /** Returns until when somebody may look at the dashboard, in ms since 1970, as the last snapshot knows it. Reads nothing. */
  watchedUntil(): number;
  /** Returns the form in which rows of events are written, as the last snapshot knows it. Reads nothing. */
  rowForm(): RowForm;
  /** Must be called after a change, so that the next load sees it. */
  forget(): void;
};

type Cached = { readonly snapshot: ConfigSnapshot; readonly checked_ms: number };

/** Makes a cache over a database. It reads the config again only if the revision has changed. `now` is in ms. */
export function createConfigCache(db: PrimaryDatabase, now: () => number): ConfigCache {
  let cached: Cached | null = null;
  let generation = 0;

  async function read(): Promise<ConfigSnapshot> {
    const known = cached?.snapshot;
    if (known === undefined) return await readConfig(db);
    const state = await readState(db);
    if (state.revision !== known.revision) return await readConfig(db);
    return state.watched_until === known.watched_until ? known : { ...known, ...state };
  }

  return {
    async load() {
      const checked_ms = now();
      if (cached !== null && checked_ms - cached.checked_ms < FRESH_MS) return cached.snapshot;
      const startedAt = generation;
      const snapshot = await read();
      // A snapshot that was read before a change must not replace one read after it.
      if (startedAt === generation) cached = { snapshot, checked_ms };
      return snapshot;
    },
    watchedUntil() {
      return cached?.snapshot.watched_until ?? 0;
    },
    rowForm() {
      return cached === null ? "full" : rowFormAt(cached.snapshot, now());
    },
    forget() {
      generation += 1;
      cached = null;
    },
  };
}
