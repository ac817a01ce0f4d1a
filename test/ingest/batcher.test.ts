import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createTogether } from "../../src/ingest/batcher.ts";

/** Each piece of work that was begun, and what ends it. */
type Piece = { readonly items: readonly string[]; readonly end: (isDone: boolean) => void };

let pieces: Piece[] = [];
let together = create();

function create() {
  return createTogether<string>(
    async (items) => {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      pieces.push({ items, end: resolve });
      return await promise;
    },
    { items: 4, weight: 20, weightOf: (item) => item.length },
    Date.now,
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  pieces = [];
  together = create();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function begun(): (readonly string[])[] {
  return pieces.map(({ items }) => items);
}

it("who comes alone begins at once", async () => {
  const first = together(["a"]);
  expect(begun()).toEqual([["a"]]);
  pieces[0]?.end(true);
  expect(await first).toBe(true);
  const second = together(["b"]);
  expect(begun()).toEqual([["a"], ["b"]]);
  pieces[1]?.end(false);
  expect(await second).toBe(false);
});

it("those who come meanwhile are done together, in the order in which they came", async () => {
  const all = ["a", "b", "c", "d"].map((item) => together([item]));
  expect(begun()).toEqual([["a"]]);
  pieces[0]?.end(true);
  await settle();
  expect(begun()).toEqual([["a"], ["b", "c", "d"]]);
  pieces[1]?.end(true);
  expect(await Promise.all(all)).toEqual([true, true, true, true]);
});

it.each([
  { what: "many", items: [["b"], ["c"], ["d", "e"], ["f"], ["g"]], second: ["b", "c", "d", "e"], third: ["f", "g"] },
  { what: "heavy", items: [["b"], ["c".repeat(18)], ["dd"], ["e"]], second: ["b", "c".repeat(18)], third: ["dd", "e"] },
])("a piece takes no more than it has room for: too $what", async ({ items, second, third }) => {
  const all = [["a"], ...items].map((each) => together(each));
  pieces[0]?.end(true);
  await settle();
  pieces[1]?.end(true);
  await settle();
  pieces[2]?.end(true);
  await Promise.all(all);
  expect(begun()).toEqual([["a"], second, third]);
});

it("whose work failed with that of others does it alone, so that one cannot spoil it for all", async () => {
  const all = ["a", "b", "poison", "d"].map((item) => together([item]));
  pieces[0]?.end(true);
  await settle();
  pieces[1]?.end(false);
  await settle();
  expect(new Set(begun().slice(2).flat())).toEqual(new Set(["b", "poison", "d"]));
  expect(begun()).toHaveLength(5);
  for (const { items, end } of pieces.slice(2)) end(items[0] !== "poison");
  expect(await Promise.all(all)).toEqual([true, true, false, true]);
});

it("nobody waits long for a piece that hangs: the next one is begun beside it", async () => {
  const hanging = together(["a"]);
  const others = ["b", "c"].map((item) => together([item]));
  await vi.advanceTimersByTimeAsync(9);
  expect(begun()).toEqual([["a"]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun()).toEqual([["a"], ["b", "c"]]);
  pieces[1]?.end(true);
  expect(await Promise.all(others)).toEqual([true, true]);
  pieces[0]?.end(true);
  expect(await hanging).toBe(true);
});

it("who comes long after a piece was begun that hangs begins at once", async () => {
  const hanging = together(["a"]);
  await vi.advanceTimersByTimeAsync(10);
  const next = together(["b"]);
  expect(begun()).toEqual([["a"], ["b"]]);
  for (const { end } of pieces) end(true);
  expect(await Promise.all([hanging, next])).toEqual([true, true]);
});

it("who was taken along by one that is never heard of again does it alone in the end", async () => {
  const first = together(["a"]);
  const others = ["b", "c"].map((item) => together([item]));
  pieces[0]?.end(true);
  expect(await first).toBe(true);
  expect(begun()).toEqual([["a"], ["b", "c"]]);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(begun()).toEqual([["a"], ["b", "c"], ["b"], ["c"]]);
  for (const { end } of pieces.slice(2)) end(true);
  expect(await Promise.all(others)).toEqual([true, true]);
});
