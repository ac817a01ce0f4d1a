import { Budget, type SharedWork, UNITS_PER_MS } from "./budget.ts";

/** No more work is started after this much. */
const MAX_UNITS = 500 * UNITS_PER_MS;
/** The same in ms, where the clock moves during computation. Cloudflare's does not, so that the units are the bound. */
const MAX_MS = 2_000;
/** Other requests of the isolate wait for this much work, and for the piece that it ends with. */
const PAUSE_UNITS = 20 * UNITS_PER_MS;

/**
 * The work that the events and deliveries of one invocation may do together in filters, templates and `group_by`. Work that
 * is started is done to its end within its own budget, whatever is left here, so that its result does not depend on its
 * neighbours. Once the allowance is used up, nothing more is started: the rest comes again in a later message. The first
 * piece of work of an invocation always starts.
 */
export class Allowance implements SharedWork {
  /** A budget that is a part of the allowance is never smaller for it. */
  readonly remaining = Infinity;
  readonly #clock: () => number;
  readonly #wait: () => Promise<void>;
  #units = 0;
  #ms = 0;
  #sincePause = 0;
  #last: Promise<void> = Promise.resolve();

  /** `wait` lets other requests of the isolate run. */
  constructor(clock: () => number, wait: () => Promise<void>) {
    this.#clock = clock;
    this.#wait = wait;
  }

  /** True if nothing more may be started. */
  get isUsedUp(): boolean {
    return this.#units >= MAX_UNITS || this.#ms >= MAX_MS;
  }

  /** The units that were spent. */
  get spent(): number {
    return this.#units;
  }

  /** Counts work that is already done. */
  charge(units: number): true {
    this.#units += units;
    this.#sincePause += units;
    return true;
  }

  /** Returns a budget of this many units. What it spends counts here too. */
  part(limit: string, units: number): Budget {
    return new Budget(limit, units, this);
  }

  /** Runs work and counts its time. The time of promises that it returns is not counted: they wait for others. */
  run<T>(work: () => T): T {
    const startedAt = this.#clock();
    const result = work();
    this.#ms += this.#clock() - startedAt;
    return result;
  }

  /**
   * Runs work once all work before it is done and others have had their pause, so that what several workers begin at the same
   * moment is not one long stretch. Returns null if the allowance is used up by then. `work` must not throw.
   */
  async runInTurn<T>(work: () => Promise<T>): Promise<T | null> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    await this.pause();
    const working = this.isUsedUp ? null : this.run(work);
    resolve();
    return await working;
  }

  get needsPause(): boolean {
    return this.#sincePause >= PAUSE_UNITS;
  }

  /** Lets other requests of the isolate run, if they have waited for long enough. */
  async pause(): Promise<void> {
    if (!this.needsPause) return;
    this.#sincePause = 0;
    await this.#wait();
  }
}
