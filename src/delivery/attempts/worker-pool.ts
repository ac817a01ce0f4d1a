import { MAX_ATTEMPTS_AT_A_TIME } from "../../platform/limits.ts";

/** A destination that hangs, and the slow destinations together, must leave workers to the others. */
const MAX_WORKERS_PER_DESTINATION = 2;
const MAX_WORKERS_FOR_SLOW = 2;
/** The characters of large events that are attempted at a time: as many as the largest event has, so that memory is bounded. */
export const MAX_LARGE_CHARACTERS = 10_000_000;

/**
 * The workers of one invocation, and the memory that they share. Pools of the invocation share both: a worker whose attempt
 * is in flight is not free for a later pool.
 */
export class Workers {
  #free = MAX_ATTEMPTS_AT_A_TIME;
  #characters = 0;
  readonly #waiting = new Set<() => void>();

  get free(): number {
    return this.#free;
  }

  /** Returns whether a large event of this many characters fits into memory beside those in flight; one alone always does. */
  hasRoom(characters: number): boolean {
    return characters === 0 || this.#characters === 0 || this.#characters + characters <= MAX_LARGE_CHARACTERS;
  }

  take(characters: number): void {
    this.#free -= 1;
    this.#characters += characters;
  }

  /** Gives a worker back, to any pool that waits for one. */
  release(characters: number): void {
    this.#free += 1;
    this.#characters -= characters;
    for (const fill of this.#waiting) fill();
  }

  /** Calls `fill` whenever a worker is given back. Returns a function that ends this. */
  watch(fill: () => void): () => void {
    this.#waiting.add(fill);
    return () => this.#waiting.delete(fill);
  }
}

export type PoolItem = {
  readonly destination_id: string;
  /** The items of one chain are worked on one after the other, in the order given. */
  readonly chain: string;
  /** The characters of its event, if that is large. */
  readonly characters?: number;
};

type Pool<T> = {
  /** Resolves when every item that was started is done. Rejects if `work` does, which it should not. */
  readonly done: Promise<void>;
  /** Starts nothing more. Returns the items that were never started. */
  stop(): T[];
};

/**
 * Works on items: at most four at a time; at most two of one destination while others wait; at most two of slow
 * destinations together, and those only if no other item can start; large events only as far as memory suffices; and the
 * items of a chain in order.
 */
export function startPool<T extends PoolItem>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  isSlow: (destinationId: string) => boolean = () => false,
  workers: Workers = new Workers(),
): Pool<T> {
  let waiting = [...items];
  let running = 0;
  const perDestination = new Map<string, number>();
  const chains = new Set<string>();
  const finished = Promise.withResolvers<void>();

  function slowRunning(): number {
    let count = 0;
    for (const [destinationId, busy] of perDestination) if (isSlow(destinationId)) count += busy;
    return count;
  }

  function next(): T | null {
    const blocked = new Set<string>();
    const alone =
      waiting.every((item) => item.destination_id === waiting[0]?.destination_id) && perDestination.size <= 1;
    let slow: T | null = null;
    for (const item of waiting) {
      const busy = perDestination.get(item.destination_id) ?? 0;
      const max = alone ? MAX_ATTEMPTS_AT_A_TIME : MAX_WORKERS_PER_DESTINATION;
      const isFree = busy < max && !chains.has(item.chain) && !blocked.has(item.chain);
      const canStart = isFree && workers.hasRoom(item.characters ?? 0);
      if (canStart && !isSlow(item.destination_id)) return item;
      if (canStart) slow ??= item;
      blocked.add(item.chain);
    }
    return slow !== null && slowRunning() < (alone ? MAX_ATTEMPTS_AT_A_TIME : MAX_WORKERS_FOR_SLOW) ? slow : null;
  }

  function start(item: T): void {
    waiting = waiting.filter((each) => each !== item);
    running += 1;
    workers.take(item.characters ?? 0);
    chains.add(item.chain);
    perDestination.set(item.destination_id, (perDestination.get(item.destination_id) ?? 0) + 1);
    work(item).then(
      () => release(item),
      (error: unknown) => finished.reject(error),
    );
  }

  function release(item: T): void {
    running -= 1;
    chains.delete(item.chain);
    const left = (perDestination.get(item.destination_id) ?? 1) - 1;
    if (left === 0) perDestination.delete(item.destination_id);
    else perDestination.set(item.destination_id, left);
    workers.release(item.characters ?? 0);
  }

  function fill(): void {
    while (workers.free > 0) {
      const item = next();
      if (item === null) break;
      start(item);
    }
    if (running === 0 && waiting.length === 0) finish();
  }

  function finish(): void {
    unwatch();
    finished.resolve();
  }

  const unwatch = workers.watch(fill);
  fill();
  return {
    done: finished.promise,
    stop() {
      const left = waiting;
      waiting = [];
      if (running === 0) finish();
      return left;
    },
  };
}

type PoolOptions = {
  readonly isSlow: (destinationId: string) => boolean;
  readonly budgetMs: number;
  readonly workers: Workers;
};

/** The state of a pool when its time was up. */
export type PoolRun<T, R> = {
  /** In the order in which they ended. */
  readonly done: ReadonlyMap<T, R>;
  readonly in_flight: ReadonlyMap<T, Promise<R>>;
  readonly unstarted: readonly T[];
};

/**
 * Works on items for at most `budgetMs`, and then starts nothing more. If attempts in flight hold all workers of the
 * invocation, nothing is started and nothing is waited for. `work` must not reject.
 */
export async function runPool<T extends PoolItem, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { isSlow, budgetMs, workers }: PoolOptions,
): Promise<PoolRun<T, R>> {
  if (workers.free === 0) return { done: new Map(), in_flight: new Map(), unstarted: items };
  const started = new Map<T, Promise<R>>();
  const done = new Map<T, R>();
  const pool = startPool(
    items,
    async (item) => {
      const working = work(item);
      started.set(item, working);
      done.set(item, await working);
    },
    isSlow,
    workers,
  );
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, budgetMs);
  await Promise.race([pool.done, timer.promise]);
  clearTimeout(timeout);
  const unstarted = pool.stop();
  const inFlight = [...started].filter(([item]) => !done.has(item));
  return { done: new Map(done), in_flight: new Map(inFlight), unstarted };
}

/** Waits for the work in flight, and calls `afterLast` for each destination when its last item is done. */
export async function finishPool<T extends PoolItem, R>(
  { in_flight }: PoolRun<T, R>,
  finishOne: (item: T, working: Promise<R>) => Promise<void>,
  afterLast: (destinationId: string) => Promise<void>,
): Promise<void> {
  const byDestination = Map.groupBy(in_flight, ([item]) => item.destination_id);
  await Promise.all(
    [...byDestination].map(async ([id, items]) => {
      await Promise.all(items.map(([item, working]) => finishOne(item, working)));
      await afterLast(id);
    }),
  );
}
