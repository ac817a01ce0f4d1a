import { beforeEach, expect, it, vi } from "vitest";
import { createBatcher } from "../../src/ingest/batcher.ts";

/** A flush that was started, and the function that ends it. */
type Flush = { readonly items: readonly string[]; readonly end: (isDone: boolean) => void };

let flushes: Flush[] = [];
let batcher = create();

function create() {
  return createBatcher<string>(
    async (items) => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      flushes.push({ items, end: resolve });
      return await promise;
    },
    { maxCount: 4, maxBytes: 20, bytesOf: (item) => item.length },
    Date.now,
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  flushes = [];
  batcher = create();
});

/** Runs everything that waits for promises only. */
async function runPromises(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function started(): (readonly string[])[] {
  return flushes.map(({ items }) => items);
}

it("a request that arrives alone starts a flush at once", async () => {
  const first = batcher(["a"]);
  expect(started()).toEqual([["a"]]);
  flushes[0]?.end(true);
  expect(await first).toBe(true);
  const second = batcher(["b"]);
  expect(started()).toEqual([["a"], ["b"]]);
  flushes[1]?.end(false);
  expect(await second).toBe(false);
});

it("requests that arrive meanwhile share the next flush, in order of arrival", async () => {
  const all = ["a", "b", "c", "d"].map((item) => batcher([item]));
  expect(started()).toEqual([["a"]]);
  flushes[0]?.end(true);
  await runPromises();
  expect(started()).toEqual([["a"], ["b", "c", "d"]]);
  flushes[1]?.end(true);
  expect(await Promise.all(all)).toEqual([true, true, true, true]);
});

it.each([
  { what: "many", items: [["b"], ["c"], ["d", "e"], ["f"], ["g"]], second: ["b", "c", "d", "e"], third: ["f", "g"] },
  { what: "heavy", items: [["b"], ["c".repeat(18)], ["dd"], ["e"]], second: ["b", "c".repeat(18)], third: ["dd", "e"] },
])("a flush stays within its limits: too $what", async ({ items, second, third }) => {
  const all = [["a"], ...items].map((each) => batcher(each));
  flushes[0]?.end(true);
  await runPromises();
  flushes[1]?.end(true);
  await runPromises();
  flushes[2]?.end(true);
  await Promise.all(all);
  expect(started()).toEqual([["a"], second, third]);
});

it("a flush that fails is repeated for each request alone, so that one cannot fail the others", async () => {
  const all = ["a", "b", "poison", "d"].map((item) => batcher([item]));
  flushes[0]?.end(true);
  await runPromises();
  flushes[1]?.end(false);
  await runPromises();
  expect(new Set(started().slice(2).flat())).toEqual(new Set(["b", "poison", "d"]));
  expect(started()).toHaveLength(5);
  for (const { items, end } of flushes.slice(2)) end(items[0] !== "poison");
  expect(await Promise.all(all)).toEqual([true, true, false, true]);
});

it("a request does not wait long for a flush that hangs: it starts the next one beside it", async () => {
  const hanging = batcher(["a"]);
  const others = ["b", "c"].map((item) => batcher([item]));
  await vi.advanceTimersByTimeAsync(9);
  expect(started()).toEqual([["a"]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(started()).toEqual([["a"], ["b", "c"]]);
  flushes[1]?.end(true);
  expect(await Promise.all(others)).toEqual([true, true]);
  flushes[0]?.end(true);
  expect(await hanging).toBe(true);
});

it("a request that arrives long after a hanging flush was started starts one at once", async () => {
  const hanging = batcher(["a"]);
  await vi.advanceTimersByTimeAsync(10);
  const next = batcher(["b"]);
  expect(started()).toEqual([["a"], ["b"]]);
  for (const { end } of flushes) end(true);
  expect(await Promise.all([hanging, next])).toEqual([true, true]);
});

it("a request whose items were taken by a flush that never ends flushes them alone in the end", async () => {
  const first = batcher(["a"]);
  const others = ["b", "c"].map((item) => batcher([item]));
  flushes[0]?.end(true);
  expect(await first).toBe(true);
  expect(started()).toEqual([["a"], ["b", "c"]]);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(started()).toEqual([["a"], ["b", "c"], ["b"], ["c"]]);
  for (const { end } of flushes.slice(2)) end(true);
  expect(await Promise.all(others)).toEqual([true, true]);
});
