import type { PrimaryDatabase } from "../platform/shards.ts";
import { type ConfigSnapshot, readConfig } from "../storage/config/config.ts";
import { readRevision } from "../storage/config/revision.ts";

/** How long a snapshot is used before its revision is read again, in ms. */
const FRESH_MS = 5_000;

/** The routes and destinations that an isolate's consumers use. */
export type ConfigCache = {
  /** Returns a snapshot that is at most some seconds old. Throws if D1 cannot be read: a consumer then retries its messages. */
  load(): Promise<ConfigSnapshot>;
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
    return known !== undefined && (await readRevision(db)) === known.revision ? known : await readConfig(db);
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
    forget() {
      generation += 1;
      cached = null;
    },
  };
}
