import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type PoolItem, Workers, runPool, startPool } from "../../../src/delivery/attempts/worker-pool.ts";

type Item = PoolItem & { readonly index: number };

const MOST = 4;
const MAX_OF_ONE = 2;

/** Chains within a destination, as deliveries have them, and some that run across destinations. */
const plans = fc
  .array(fc.record({ destination: fc.nat(3), alert: fc.nat(4), across: fc.boolean() }), { maxLength: 30 })
  .map((list) =>
    list.map(({ destination, alert, across }, index): Item => {
      const chain = across ? `${alert}` : `${destination} ${alert}`;
      return { index, destination_id: `dst_${destination}`, chain };
    }),
  );

/** Lets all pending continuations run; no time passes. */
async function runMicrotasks(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

/** Items in flight, each until it is finished by hand. */
function createBench(items: readonly Item[]) {
  const running = new Map<Item, () => void>();
  const started: Item[] = [];
  const waiting = new Set(items);
  const starts: { readonly item: Item; readonly together: number; readonly ofOne: number; readonly others: boolean }[] =
    [];
  const chainsTogether: string[] = [];
  return {
    running,
    started,
    starts,
    chainsTogether,
    waiting,
    work(item: Item): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      if ([...running.keys()].some((each) => each.chain === item.chain)) chainsTogether.push(item.chain);
      running.set(item, resolve);
      started.push(item);
      waiting.delete(item);
      const ofOne = [...running.keys()].filter((each) => each.destination_id === item.destination_id).length;
      const others = [...waiting].some((each) => each.destination_id !== item.destination_id);
      starts.push({ item, together: running.size, ofOne, others });
      return promise;
    },
    finish(place: number): void {
      const items = [...running.keys()];
      const item = items[place % items.length];
      if (item === undefined) return;
      running.get(item)?.();
      running.delete(item);
    },
  };
}

type Bench = ReturnType<typeof createBench>;

/** Returns true if a worker is idle although an item could start. */
function couldStart(bench: Bench): boolean {
  if (bench.running.size >= MOST) return false;
  const busy = [...bench.running.keys()];
  const chains = new Set(busy.map((item) => item.chain));
  for (const item of bench.waiting) {
    const ofOne = busy.filter((each) => each.destination_id === item.destination_id).length;
    if (ofOne < MAX_OF_ONE && !chains.has(item.chain)) return true;
    chains.add(item.chain);
  }
  return false;
}

function expectRules(bench: Bench): void {
  for (const { together, ofOne, others } of bench.starts) {
    expect(together).toBeLessThanOrEqual(MOST);
    if (others) expect(ofOne).toBeLessThanOrEqual(MAX_OF_ONE);
  }
  expect(bench.chainsTogether).toEqual([]);
  for (const chain of Map.groupBy(bench.started, (item) => item.chain).values()) {
    expect(chain.map((item) => item.index)).toEqual(chain.map((item) => item.index).toSorted((a, b) => a - b));
  }
}

describe("workers", () => {
  it("keep the limits and the order of chains, are not idle, and end, in whatever order work ends", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.infiniteStream(fc.nat(5)), async (items, places) => {
        const bench = createBench(items);
        const run = startPool(items, bench.work);
        let isDone = false;
        const done = run.done.then(() => (isDone = true));
        for (let steps = 0; bench.running.size > 0; steps++) {
          expect(steps).toBeLessThanOrEqual(items.length);
          expect(isDone).toBe(false);
          expect(couldStart(bench)).toBe(false);
          bench.finish(places.next().value);
          await runMicrotasks();
        }
        await done;
        expect(bench.started.toSorted((a, b) => a.index - b.index)).toEqual(items);
        expect(run.stop()).toEqual([]);
        expectRules(bench);
      }),
    );
  });

  it("return exactly what was never started when they are stopped, start nothing more, and end", async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(30), fc.infiniteStream(fc.nat(5)), async (items, stopAfter, places) => {
        const bench = createBench(items);
        const run = startPool(items, bench.work);
        for (let steps = 0; steps < stopAfter && bench.running.size > 0; steps++) {
          bench.finish(places.next().value);
          await runMicrotasks();
        }
        const left = run.stop();
        const startedBefore = [...bench.started];
        expect([...startedBefore, ...left].toSorted((a, b) => a.index - b.index)).toEqual(items);
        expect(run.stop()).toEqual([]);
        while (bench.running.size > 0) {
          bench.finish(places.next().value);
          await runMicrotasks();
        }
        await run.done;
        expect(bench.started).toEqual(startedBefore);
        expectRules(bench);
      }),
    );
  });

  it("end at once if there is nothing to do", async () => {
    await startPool([], () => Promise.reject(new Error("nothing to work on"))).done;
  });

  it("leave room for others while one destination hangs", async () => {
    const items = Array.from({ length: 10 }, (_, index): Item => ({
      index,
      destination_id: "dst_slow",
      chain: `slow ${index}`,
    }));
    const other: Item = { index: 10, destination_id: "dst_quick", chain: "quick" };
    const bench = createBench([...items, other]);
    startPool([...items, other], bench.work);
    expect(bench.started.map((item) => item.index)).toEqual([0, 1, 10]);
  });

  it("all work for one destination if no other waits", () => {
    const items = Array.from({ length: 10 }, (_, index): Item => ({
      index,
      destination_id: "dst_1",
      chain: `${index}`,
    }));
    const bench = createBench(items);
    startPool(items, bench.work);
    expect(bench.started).toHaveLength(MOST);
  });

  it("do not let a later item of a chain overtake one that waits for a worker", async () => {
    const item = (index: number, chain: string): Item => ({ index, destination_id: "dst_1", chain });
    const items = [
      item(0, "a"),
      item(1, "b"),
      item(2, "c"),
      item(3, "d"),
      item(4, "d"),
      { ...item(5, "z"), destination_id: "dst_2" },
    ];
    const bench = createBench(items);
    startPool(items, bench.work);
    for (let left = items.length; left > 0; left--) {
      bench.finish(0);
      await runMicrotasks();
    }
    expectRules(bench);
    expect(bench.started).toHaveLength(items.length);
  });

  it("are shared by the pools of an invocation: one in flight is not free for the next pool", async () => {
    const item = (index: number): Item => ({ index, destination_id: `dst_${index}`, chain: `${index}` });
    const workers = new Workers();
    const first = createBench([0, 1, 2].map(item));
    startPool([0, 1, 2].map(item), first.work, () => false, workers).stop();
    const second = createBench([3, 4].map(item));
    startPool([3, 4].map(item), second.work, () => false, workers);
    expect([first.running.size, second.running.size]).toEqual([3, 1]);
    first.finish(0);
    await runMicrotasks();
    expect([first.running.size, second.running.size]).toEqual([2, 2]);
  });

  it("keep large events in memory only up to a bound, of all destinations and pools together", async () => {
    const large = (index: number, characters: number): Item => {
      return { index, destination_id: `dst_${index}`, chain: `${index}`, characters };
    };
    const items = [large(0, 6_000_000), large(1, 3_000_000), large(2, 9_000_000), large(3, 0), large(4, 1_000_000)];
    const workers = new Workers();
    const bench = createBench(items);
    startPool(items, bench.work, () => false, workers);
    expect(bench.started.map(({ index }) => index)).toEqual([0, 1, 3, 4]);
    const other = createBench([large(5, 1)]);
    startPool([large(5, 1)], other.work, () => false, workers);
    for (const [place, started] of [
      [2, []],
      [2, [5]],
      [1, [5]],
    ] as const) {
      bench.finish(place);
      await runMicrotasks();
      expect(other.started.map(({ index }) => index)).toEqual(started);
    }
    expect(bench.started).toHaveLength(4);
    bench.finish(0);
    other.finish(0);
    await runMicrotasks();
    expect(bench.started.at(-1)?.index).toBe(2);
  });

  it("start nothing and wait for nothing while all of them are in flight elsewhere", async () => {
    const workers = new Workers();
    for (let taken = 0; taken < MOST; taken++) workers.take(0);
    const items: Item[] = [{ index: 0, destination_id: "dst_1", chain: "a" }];
    const work = vi.fn(() => Promise.resolve());
    const run = await runPool(items, work, { isSlow: () => false, budgetMs: 3_600_000, workers });
    expect(run.unstarted).toEqual(items);
    expect(work).not.toHaveBeenCalled();
  });

  it("pass on the rejection of work", async () => {
    const items: Item[] = [{ index: 0, destination_id: "dst_1", chain: "a" }];
    await expect(startPool(items, () => Promise.reject(new Error("a bug"))).done).rejects.toThrow("a bug");
  });
});
