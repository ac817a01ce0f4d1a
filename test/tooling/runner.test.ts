import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LONGEST, spread } from "../runner/sequencer.ts";

test("the files that are to start first exist", () => {
  expect(LONGEST.filter((file) => !existsSync(join(import.meta.dirname, "../..", file)))).toEqual([]);
});

test.each([
  [["a", "b", "c", "d", "e", "f"], ["1", "2"], "ab1cde2f"],
  [["a"], ["1", "2", "3"], "1a23"],
  [[], ["1", "2"], "12"],
  [["a", "b"], [], "ab"],
])("%j and %j alternate in their order", (into, items, expected) => {
  const order = spread(into, items).join("");
  expect(order).toHaveLength(expected.length);
  expect(order.replaceAll(/\d/g, "")).toBe(into.join(""));
  expect(order.replaceAll(/\D/g, "")).toBe(items.join(""));
  expect(order).toBe(expected);
});
