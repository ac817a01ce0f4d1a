import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LruMap } from "../../src/platform/lru.ts";

describe("an LRU map", () => {
  it("forgets the entry that was not used for longest", () => {
    const map = new LruMap<string, number>({ max: 2 });
    map.set("a", 1);
    map.set("b", 2);
    expect(map.get("a")).toBe(1);
    map.set("c", 3);
    expect([...map.entries()]).toEqual([
      ["a", 1],
      ["c", 3],
    ]);
  });

  it("counts a value that is set again as used, and once", () => {
    const map = new LruMap<string, number>({ max: 2 });
    map.set("a", 1);
    map.set("b", 2);
    map.set("a", 3);
    map.set("c", 4);
    expect([map.get("a"), map.get("b"), map.get("c")]).toEqual([3, undefined, 4]);
  });

  it("does not keep an entry that is too heavy by itself, and keeps the others", () => {
    const map = new LruMap<string, string>({ max: 10, weightOf: (key) => key.length });
    map.set("b", "light");
    map.set("a".repeat(11), "heavy");
    expect([...map.entries()]).toEqual([["b", "light"]]);
  });

  it("never weighs more than its bound, and holds what was used last", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("set" as const), key: fc.nat(20), weight: fc.integer({ min: 1, max: 22 }) }),
      fc.record({ kind: fc.constantFrom("get" as const, "delete" as const), key: fc.nat(20), weight: fc.constant(0) }),
      fc.record({ kind: fc.constant("clear" as const), key: fc.constant(0), weight: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new LruMap<number, number>({ max: 20, weightOf: (_key, weight) => weight });
        for (const { kind, key, weight } of steps) {
          if (kind === "set") map.set(key, weight);
          else if (kind === "clear") map.clear();
          else map[kind](key);
          const entries = [...map.entries()];
          expect(entries.reduce((sum, [, each]) => sum + each, 0)).toBeLessThanOrEqual(20);
          if (kind === "set" && weight <= 20) expect(entries.at(-1)).toEqual([key, weight]);
        }
      }),
    );
  });
});
