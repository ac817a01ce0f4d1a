import { expect, it } from "vitest";
import { matches, parseFilter } from "../../src/filters/filter.ts";
import { parseExactAs } from "../../src/model/exact-json.ts";
import type { JsonObject } from "../../src/model/json.ts";

it.each([
  [7, true],
  [6, false],
])("$mod takes whole numbers that a double cannot hold: remainder %d is %s", (remainder, expected) => {
  const filter = parseFilter({ big: { $mod: [10, remainder] } });
  if (!filter.ok) throw new Error(JSON.stringify(filter.error));
  expect(matches(filter.value, parseExactAs<JsonObject>('{"big":90071992547409937}'))).toBe(expected);
});
