import { expect, it } from "vitest";
import { detectRuleSets } from "../../../src/sources/rules/detect.ts";
import { FIXTURES } from "./sets/fixtures.ts";
import { requestOf } from "./support.ts";

const found = (text: string, headers: Readonly<Record<string, string>> = { "content-type": "application/json" }) =>
  detectRuleSets(requestOf({ text, headers }));

const TELLING = FIXTURES.filter(({ name }) => name === "create" || name === "resolve");

function rankOf({ ruleSet, text, headers }: (typeof TELLING)[number]): number {
  return found(text, headers).findIndex(({ name }) => name === ruleSet);
}

it.each(TELLING)("has who sends $ruleSet's $name among the first three", (fixture) => {
  expect([0, 1, 2]).toContain(rankOf(fixture));
});

// Some tools share a format, such as the heirs of Nagios.
it("has most of them first", () => {
  const first = TELLING.filter((fixture) => rankOf(fixture) === 0);
  expect(first.length / TELLING.length).toBeGreaterThan(0.9);
});

it.each(['{"hello":"world"}', "[]", "{}", '{"status":"open"}', '{"id":1,"title":"a"}', "not JSON", '"text"'])(
  "names nothing for %s",
  (text) => {
    expect(found(text)).toEqual([]);
  },
);
