/** Calls of one transformation that run side by side, at most. */
const MAX_OF_ONE = 2;

type Lane<Job> = { readonly jobs: Job[]; running: number; isSlow: boolean };

/**
 * The calls that wait in a batch, by transformation. The one with the fewest calls running comes next, and one that has run into a
 * limit, in this batch or before it, comes after all others, so that it takes the time of none.
 */
export class TransformationLanes<Job> {
  readonly #lanes = new Map<string, Lane<Job>>();
  readonly #nameOf: (job: Job) => string;

  /** `wasStopped` tells whether the transformation of a call ran into a limit before this batch. */
  constructor(jobs: readonly Job[], nameOf: (job: Job) => string, wasStopped: (job: Job) => boolean = () => false) {
    this.#nameOf = nameOf;
    for (const job of jobs) {
      const name = nameOf(job);
      const lane = this.#lanes.get(name) ?? { jobs: [], running: 0, isSlow: wasStopped(job) };
      lane.jobs.push(job);
      this.#lanes.set(name, lane);
    }
  }

  /** Takes the next call; undefined if none may begin before another one has ended. */
  take(): Job | undefined {
    let best: [name: string, lane: Lane<Job>] | null = null;
    for (const entry of this.#lanes) {
      const [, lane] = entry;
      if (lane.jobs.length === 0 || lane.running >= (lane.isSlow ? 1 : MAX_OF_ONE)) continue;
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
    lane.isSlow ||= ranIntoLimit;
  }

  /** Returns the calls that have not begun. */
  left(): readonly Job[] {
    return [...this.#lanes.values()].flatMap(({ jobs }) => jobs);
  }
}

function costOf({ running, isSlow }: Lane<unknown>): number {
  return running + (isSlow ? 100 : 0);
}
