import fc from "fast-check";
import { expect, it } from "vitest";
import { takeTurns } from "../../src/model/turns.ts";

it("takes the first of each group, then the second of each", () => {
  expect(takeTurns(["a1", "a2", "a3", "b1", "c1", "c2"], (item) => item.slice(0, 1))).toEqual([
    "a1",
    "b1",
    "c1",
    "a2",
    "c2",
    "a3",
  ]);
  expect(takeTurns([], String)).toEqual([]);
});

it("loses nothing and keeps the order within a group", () => {
  const items = fc.array(fc.record({ group: fc.nat(4), at: fc.nat() }), { maxLength: 40 });
  fc.assert(
    fc.property(items, (list) => {
      const taken = takeTurns(list, ({ group }) => `${group}`);
      for (let group = 0; group <= 4; group++) {
        expect(taken.filter((each) => each.group === group)).toEqual(list.filter((each) => each.group === group));
      }
      expect(taken).toHaveLength(list.length);
    }),
  );
});
