/** Cloudflare lets at most six connections of one invocation wait for response headers. */
const LANES = 6;
/** So that one destination that hangs leaves room for the others, as do all those together that are known to be slow. */
const LANES_PER_DESTINATION = 3;
const LANES_OF_THE_SLOW = 3;

export type LaneItem = {
  readonly destination_id: string;
  /** Items of one chain go one after the other, in the order given. */
  readonly chain: string;
};

export type LaneRun<T> = {
  /** Settles when every item is done or given up. It rejects only where `work` does, which it should not. */
  readonly done: Promise<void>;
  /** Starts nothing more; returns what was never started. */
  stop(): T[];
};

/**
 * Works through items, at most six at a time, at most three of one destination while others wait, at most three of slow
 * destinations together and only where no other item can go, and those of one chain in order.
 */
export function runLanes<T extends LaneItem>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
  isSlow: (destinationId: string) => boolean = () => false,
): LaneRun<T> {
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
      const free =
        busy < (alone ? LANES : LANES_PER_DESTINATION) && !chains.has(item.chain) && !blocked.has(item.chain);
      if (free && !isSlow(item.destination_id)) return item;
      if (free) slow ??= item;
      blocked.add(item.chain);
    }
    return slow !== null && slowRunning() < (alone ? LANES : LANES_OF_THE_SLOW) ? slow : null;
  }

  function start(item: T): void {
    waiting = waiting.filter((each) => each !== item);
    running += 1;
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
    fill();
  }

  function fill(): void {
    while (running < LANES) {
      const item = next();
      if (item === null) break;
      start(item);
    }
    if (running === 0 && waiting.length === 0) finished.resolve();
  }

  fill();
  return {
    done: finished.promise,
    stop() {
      const left = waiting;
      waiting = [];
      if (running === 0) finished.resolve();
      return left;
    },
  };
}
