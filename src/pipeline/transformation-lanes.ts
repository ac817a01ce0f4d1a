import type { Standing } from "../transformations/breaker.ts";

/** Calls of one transformation that run side by side, at most. */
const MAX_OF_ONE = 2;
/** Those of a better standing come first, however many calls the others wait for. */
const RANKS = { proven: 0, unknown: 10, stopped: 100 } as const satisfies Record<Standing, number>;

type Lane<Job> = { readonly jobs: Job[]; running: number; standing: Standing };

/**
 * The calls that wait in a batch, by transformation. Those that are known to end come first, and one that has run into a limit, in this batch
 * or before it, comes after all others, so that it takes the time of none. Among equals, the one with the fewest calls running is next.
 */
export class TransformationLanes<Job> {
  readonly #lanes = new Map<string, Lane<Job>>();
  readonly #nameOf: (job: Job) => string;

  /** `standingOf` returns what is known of the transformation of a call from earlier batches. */
  constructor(jobs: readonly Job[], nameOf: (job: Job) => string, standingOf: (job: Job) => Standing) {
    this.#nameOf = nameOf;
    for (const job of jobs) {
      const name = nameOf(job);
      const lane = this.#lanes.get(name) ?? { jobs: [], running: 0, standing: standingOf(job) };
      lane.jobs.push(job);
      this.#lanes.set(name, lane);
    }
  }

  /** Takes the next call; undefined if none may begin before another one has ended. */
  take(): Job | undefined {
    let best: [name: string, lane: Lane<Job>] | null = null;
    for (const entry of this.#lanes) {
      const [, lane] = entry;
      if (lane.jobs.length === 0 || lane.running >= (lane.standing === "stopped" ? 1 : MAX_OF_ONE)) continue;
      if (best === null || costOf(lane) < costOf(best[1])) best = entry;
    }
    if (best === null) return undefined;
    const [name, lane] = best;
    lane.running += 1;
    // The others have their turn before this one's next call.
    this.#lanes.delete(name);
    this.#lanes.set(name, lane);
    return lane.jobs.shift();
  }

  /** Notes that a call has ended, and whether it ran into a limit. */
  end(job: Job, ranIntoLimit: boolean): void {
    const lane = this.#lanes.get(this.#nameOf(job));
    if (lane === undefined) return;
    lane.running -= 1;
    if (ranIntoLimit) lane.standing = "stopped";
  }

  /** Returns the calls that have not begun. */
  left(): readonly Job[] {
    return [...this.#lanes.values()].flatMap(({ jobs }) => jobs);
  }
}

function costOf({ running, standing }: Lane<unknown>): number {
  return running + RANKS[standing];
}
