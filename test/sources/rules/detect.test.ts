import { expect, it } from "vitest";
import { detectRuleSets } from "../../../src/sources/rules/detect.ts";
import { RULE_SETS } from "../../../src/sources/rules/sets/index.ts";
import { EXPECTED } from "./sets/expected.ts";
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

/** Tools that send what others send, too: nothing in a request tells which one it is. */
const ALIKE: readonly (readonly string[])[] = [["checkmk", "icinga", "nagios"]];
/** Requests that say nothing of their sender. A webhook of Snyk has a header. */
const BARE = ["snyk/test"];

const KNOWN = FIXTURES.filter(({ ruleSet, name }) => {
  const [first] = EXPECTED[ruleSet]?.[name] ?? [];
  return first !== undefined && first.action !== "ignore" && !BARE.includes(`${ruleSet}/${name}`);
});

it("is tried with every rule set", () => {
  const tried = new Set(KNOWN.map(({ ruleSet }) => ruleSet));
  expect([...RULE_SETS.keys()].filter((name) => !tried.has(name))).toEqual([]);
});

it.each(KNOWN)("has the rule set $ruleSet first for its $name", ({ ruleSet, text, headers }) => {
  const candidates = found(text, headers);
  const best = candidates.filter(({ confidence }) => confidence === candidates[0]?.confidence).map(({ name }) => name);
  const alike = ALIKE.find((names) => names.includes(ruleSet)) ?? [ruleSet];
  expect(best).toEqual(alike);
});

it("knows Snyk by its header", () => {
  const headers = { "content-type": "application/json", "x-snyk-event": "ping" };
  expect(found('{"webhookId":"d3cf26b3"}', headers)[0]?.name).toBe("snyk");
});
