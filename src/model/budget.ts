/** Thrown by `Budget.spend` when work would cost more than its budget has left. */
export class BudgetExceeded extends Error {
  /** The name of the budget that did not suffice. */
  readonly limit: string;

  constructor(limit: string) {
    super(`The budget of ${limit} is exceeded.`);
    this.limit = limit;
  }
}

/**
 * The units of work that filters and templates do in a millisecond of CPU. `npm run bench -- --only hostile` measures it
 * for the costliest of each.
 */
export const UNITS_PER_MS = 25_000;

/** What a budget is a part of. */
type Whole = Pick<Budget, "remaining" | "charge">;

/** Gives out budgets, and counts what they spend. */
export type BudgetSource = Whole & Pick<Budget, "part">;

/** What several pieces of work share. Each piece is synchronous. */
export type SharedWork = BudgetSource & {
  /** Runs a piece of work and counts its time. */
  readonly run: <T>(work: () => T) => T;
  /** True if other requests have waited for long enough. */
  readonly needsPause: boolean;
  /** Lets other requests of the isolate run. To be called between pieces of work. */
  readonly pause: () => Promise<void>;
};

/**
 * Bounds work in units of its owner's choice: steps, characters, calls. The clock of a Worker stands still while it
 * computes, so that a time-out cannot bound work.
 */
export class Budget {
  /** The name of the bound, for the log and for error messages. */
  readonly limit: string;
  readonly #parent: Whole | null;
  #left: number;
  #exceeded = false;

  constructor(limit: string, units: number, parent: Whole | null = null) {
    this.limit = limit;
    this.#left = units;
    this.#parent = parent;
  }

  /** The units that are left here and in every budget that this one is a part of; never below 0. */
  get remaining(): number {
    return Math.min(this.#left, this.#parent?.remaining ?? Infinity);
  }

  /** True once any work did not fit. */
  get isExceeded(): boolean {
    return this.#exceeded;
  }

  /** Takes units before work is done. Throws `BudgetExceeded` and takes all that is left if there are not enough. */
  spend(units: number): void {
    if (!this.charge(units)) throw new BudgetExceeded(this.limit);
  }

  /** Takes units for work that is already done. Returns false if there were not enough. */
  charge(units: number): boolean {
    // A cost that was computed from a foreign value may be NaN.
    if (!(units > 0)) return true;
    const left = this.#left;
    this.#left = Math.max(0, left - units);
    // A part never charges its whole for more than its own share.
    const fitsWhole = this.#parent?.charge(Math.min(units, left)) ?? true;
    const fits = fitsWhole && units <= left;
    if (!fits) this.#exceeded = true;
    return fits;
  }

  /** Returns a budget of at most this many units, which are also taken from this one. */
  part(limit: string, units: number): Budget {
    return new Budget(limit, Math.min(units, this.remaining), this);
  }
}

/** For work that shares no allowance, such as a preview of one event. */
export const UNSHARED: SharedWork = {
  remaining: Infinity,
  charge: () => true,
  part: (limit, units) => new Budget(limit, units),
  run: (work) => work(),
  needsPause: false,
  pause: () => Promise.resolve(),
};
