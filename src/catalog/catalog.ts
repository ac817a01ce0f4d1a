import type { Destination } from "../model/destination.ts";
import type { Route } from "../model/route.ts";
import { allDestinations } from "../storage/destinations.ts";
import { readRevision } from "../storage/revision.ts";
import { allRoutes } from "../storage/routes.ts";

/** How long a loaded catalog is used before its revision is looked at again, in ms. */
const FRESH_MS = 5_000;

/** Routes and destinations as they stood at one revision. */
export type CatalogSnapshot = {
  readonly revision: number;
  readonly routes: readonly Route[];
  readonly destinations: ReadonlyMap<string, Destination>;
};

/** The routes and destinations that an isolate's consumers work by. */
export type Catalog = {
  /** At most some seconds old. Throws where D1 cannot be read: a consumer then tries its messages again later. */
  load(): Promise<CatalogSnapshot>;
  /** To be called after a change, so that the next load sees it. */
  forget(): void;
};

/** A catalog over a database; it is read again only when its revision has moved. */
export function createCatalog(db: D1Database, now: () => number): Catalog {
  let held: { readonly snapshot: CatalogSnapshot; readonly checked_ms: number } | null = null;
  let generation = 0;

  async function read(): Promise<CatalogSnapshot> {
    const revision = await readRevision(db);
    if (held?.snapshot.revision === revision) return held.snapshot;
    // The revision is read first: a change in between is seen at the next look, never missed.
    const [routes, destinations] = await Promise.all([allRoutes(db), allDestinations(db)]);
    return { revision, routes, destinations: new Map(destinations.map((each) => [each.id, each])) };
  }

  return {
    async load() {
      if (held !== null && now() - held.checked_ms < FRESH_MS) return held.snapshot;
      const startedAt = generation;
      const snapshot = await read();
      if (startedAt === generation) held = { snapshot, checked_ms: now() };
      return snapshot;
    },
    forget() {
      generation += 1;
      held = null;
    },
  };
}
