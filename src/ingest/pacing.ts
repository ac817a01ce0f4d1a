import { UNITS_PER_MS } from "../model/budget.ts";
import { LruMap } from "../platform/lru.ts";

// Rules run before the response, and the isolate answers nobody meanwhile. Requests whose rules are costly therefore take turns,
// and other requests have a part of the time between them. The turns are times and not promises: a request that is cancelled
// never resumes, and no other request may wait for it.

/** Other requests of the isolate wait for this much work, and for the piece that it ends with. */
const PAUSE_UNITS = 20 * UNITS_PER_MS;
/** How long a pause is, in ms: a part of the work before it, and at least as long as a request needs for several turns. */
const PAUSE_SHARE = 0.25;
const MIN_PAUSE_MS = 5;
/** How long rules count as costly after they were, in ms. Requests of other integrations wait for no turn. */
const COSTLY_FOR_MS = 10_000;
const MAX_INTEGRATIONS = 1_000;
/** A request waits for at most so many turns of others. */
const MAX_WAITS = 200;

/** Spreads the costly work of requests over time. */
export type Pacing = {
  /** Waits for a turn if the integration's rules were costly before. */
  begin(integrationId: string): Promise<void>;
  /** To be called between pieces of work, with the units since the last pause. Returns false if they need no pause. */
  pause(integrationId: string, units: number): Promise<boolean>;
};

/** Creates the pacing of an isolate. `clock` returns ms, and `wait` lets other requests run for that time. */
export function createPacing(clock: () => number, wait: (ms: number) => Promise<void>): Pacing {
  const costlyUntil = new LruMap<string, number>({ max: MAX_INTEGRATIONS });
  let nextAt = 0;

  async function takeTurn(): Promise<void> {
    for (let waits = 0; waits < MAX_WAITS && clock() < nextAt; waits++) await wait(nextAt - clock());
  }

  return {
    async begin(integrationId) {
      if ((costlyUntil.get(integrationId) ?? 0) > clock()) await takeTurn();
    },
    async pause(integrationId, units) {
      if (units < PAUSE_UNITS) return false;
      const workMs = units / UNITS_PER_MS;
      costlyUntil.set(integrationId, clock() + COSTLY_FOR_MS);
      // The clock of a Worker stands still while it computes: the work is not in `clock()` yet.
      nextAt = Math.max(nextAt, clock() + workMs) + Math.max(MIN_PAUSE_MS, workMs * PAUSE_SHARE);
      await takeTurn();
      return true;
    },
  };
}

/** For work that nobody waits beside, such as a preview. */
export const UNPACED: Pacing = {
  begin: () => Promise.resolve(),
  pause: () => Promise.resolve(false),
};
