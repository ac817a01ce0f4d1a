import { type LaneItem, runLanes } from "./worker-pool.ts";

/** What became of items when their time was up. */
export type TimedRun<T, R> = {
  readonly done: ReadonlyMap<T, R>;
  /** Started, and not yet done: each with what it will come to. */
  readonly under_way: ReadonlyMap<T, Promise<R>>;
  readonly unstarted: readonly T[];
};

/** Works through items in lanes for at most so many ms, and then starts nothing more. `work` is not to reject. */
export async function runTimedLanes<T extends LaneItem, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  isSlow: (destinationId: string) => boolean,
  budgetMs: number,
): Promise<TimedRun<T, R>> {
  const started = new Map<T, Promise<R>>();
  const done = new Map<T, R>();
  const run = runLanes(
    items,
    async (item) => {
      const working = work(item);
      started.set(item, working);
      done.set(item, await working);
    },
    isSlow,
  );
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(timer.resolve, budgetMs);
  await Promise.race([run.done, timer.promise]);
  clearTimeout(timeout);
  const unstarted = run.stop();
  const underWay = [...started].filter(([item]) => !done.has(item));
  return { done: new Map(done), under_way: new Map(underWay), unstarted };
}
