import type { PrimaryDatabase } from "../platform/shards.ts";
import { type ConfigSnapshot, readConfig } from "../storage/config/config.ts";
import { readRevision } from "../storage/config/revision.ts";

/** How long a loaded catalog is used before its revision is looked at again, in ms. */
const FRESH_MS = 5_000;

/** The routes and destinations that an isolate's consumers work by. */
export type ConfigCache = {
  /** At most some seconds old. Throws where D1 cannot be read: a consumer then tries its messages again later. */
  load(): Promise<ConfigSnapshot>;
  /** To be called after a change, so that the next load sees it. */
  forget(): void;
};

type Held = { readonly snapshot: ConfigSnapshot; readonly looked_ms: number };

/** A catalog over a database; it is read again only when its revision has moved. `now` is in ms. */
export function createConfigCache(db: PrimaryDatabase, now: () => number): ConfigCache {
  let held: Held | null = null;
  let generation = 0;

  async function read(): Promise<ConfigSnapshot> {
    const known = held?.snapshot;
    return known !== undefined && (await readRevision(db)) === known.revision ? known : await readConfig(db);
  }

  return {
    async load() {
      const looked_ms = now();
      if (held !== null && looked_ms - held.looked_ms < FRESH_MS) return held.snapshot;
      const startedAt = generation;
      const snapshot = await read();
      // What was read before a change must not outlive it.
      if (startedAt === generation) held = { snapshot, looked_ms };
      return snapshot;
    },
    forget() {
      generation += 1;
      held = null;
    },
  };
}
