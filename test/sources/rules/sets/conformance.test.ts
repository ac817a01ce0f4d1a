import { describe, expect, it } from "vitest";
import { URGENCIES, type Urgency } from "../../../../src/model/alert.ts";
import type { Json } from "../../../../src/model/json.ts";
import { RULE_SETS } from "../../../../src/sources/rules/sets/index.ts";
import type { RuleAction, RuleSet } from "../../../../src/sources/rules/sets/rule-set.ts";
import type { SourceEvent } from "../../../../src/sources/source.ts";
import { openLine, pluck } from "../../../support/flow.ts";
import { EXPECTED } from "./expected.ts";
import { FIXTURES, type Fixture } from "./fixtures.ts";
import { documentOf, leavesOf, openingsOf, read, withDocument } from "./prepared.ts";

// What every rule set must do, whatever its product sends.

const SETS = [...RULE_SETS.values()].map((ruleSet) => ({ ...ruleSet }));
const OPENING = FIXTURES.filter((fixture) => openingsOf(read(fixture)).length > 0);
const CLOSING = FIXTURES.filter((fixture) => read(fixture).some(({ signal }) => signal.action === "resolve"));

function keysIn(events: readonly SourceEvent[]): readonly string[] {
  return events.flatMap(({ signal }) => ("key" in signal ? [signal.key] : []));
}

function actionsOf({ options: { rules, default: last } }: RuleSet): readonly RuleAction[] {
  return [...rules, ...(last === undefined ? [] : [last])].flatMap(({ actions }) => actions);
}

const hasAction = (ruleSet: RuleSet, wanted: RuleAction["type"]): boolean =>
  actionsOf(ruleSet).some(({ type }) => type === wanted);

describe("create and resolve", () => {
  it.each(CLOSING)("share the key: $ruleSet, $name", (fixture) => {
    const opened = OPENING.filter(({ ruleSet }) => ruleSet === fixture.ruleSet).flatMap((each) => keysIn(read(each)));
    expect(opened).toEqual(expect.arrayContaining([...new Set(keysIn(read(fixture)))]));
  });

  it.each(SETS.filter((ruleSet) => hasAction(ruleSet, "resolve")))("both have a fixture: $name", ({ name }) => {
    expect(CLOSING.some(({ ruleSet }) => ruleSet === name)).toBe(true);
  });

  it.each(SETS.filter((ruleSet) => hasAction(ruleSet, "test")))("and the test too: $name", ({ name }) => {
    const tests = FIXTURES.filter(({ ruleSet }) => ruleSet === name)
      .flatMap(read)
      .filter(({ test }) => test === true);
    expect(tests).not.toEqual([]);
    for (const { signal } of tests) expect(signal.action).toBe("receive");
  });
});

/** The texts of a document that could name a thing. */
function textsIn(document: Json): readonly string[] {
  return [...leavesOf(document)].map(({ value }) => String(value ?? "")).filter((text) => text.length > 2);
}

describe("a title", () => {
  it.each(OPENING)("names the thing: $ruleSet, $name", (fixture) => {
    const said = textsIn(documentOf(fixture));
    for (const { fields } of openingsOf(read(fixture))) {
      expect(fields.title).not.toMatch(/^(?:an? )?(?:alert|event|problem|issue|incident|notification)s? (?:of|from) /i);
      expect(said.some((text) => fields.title.includes(text.slice(0, 40).trim()))).toBe(true);
    }
  });
});

/** The words that the templates of a rule set compare with. */
function wordsIn(ruleSet: RuleSet): readonly Json[] {
  const templates = actionsOf(ruleSet).map((action) => (action.type === "create" ? String(action.urgency ?? "") : ""));
  const quoted = templates.flatMap((text) => [...text.matchAll(/"([^"]*)"|'([^']*)'/g)]);
  const words = quoted.map(([, double, single]) => double ?? single ?? "");
  const numbers = templates.flatMap((text) => [...text.matchAll(/\b\d+\b/g)].map(([digits]) => Number(digits)));
  const cased = words.flatMap((word) => [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]);
  return [...new Set([...cased, ...numbers, ...numbers.map((number) => number + 1)])];
}

type Rise = { readonly name: string; readonly lower: Fixture; readonly higher: Fixture };

function urgencyOf(fixture: Fixture, key: string | undefined): Urgency | null {
  const [opening, ...others] = openingsOf(read(fixture));
  return opening === undefined || others.length > 0 || opening.key !== key ? null : opening.fields.urgency;
}

/** Returns two requests of one problem, of which the second is more urgent; null if the product has no severity. */
function riseIn(ruleSet: RuleSet): Rise | null {
  const words = wordsIn(ruleSet);
  for (const fixture of OPENING.filter((each) => each.ruleSet === ruleSet.name)) {
    const key = openingsOf(read(fixture))[0]?.key;
    const urgency = urgencyOf(fixture, key);
    if (urgency === null) continue;
    for (const { replace } of leavesOf(documentOf(fixture))) {
      const without = withDocument(fixture, replace("-"));
      if (urgencyOf(without, key) === urgency) continue;
      const found = new Map<Urgency, Fixture>([[urgency, fixture]]);
      for (const changed of [without, ...words.map((word) => withDocument(fixture, replace(word)))]) {
        const other = urgencyOf(changed, key);
        if (other !== null && !found.has(other)) found.set(other, changed);
      }
      const [lower, higher] = URGENCIES.flatMap((each) => found.get(each) ?? []);
      if (lower !== undefined && higher !== undefined) return { name: ruleSet.name, lower, higher };
    }
  }
  return null;
}

/** Makes a request another event of its product, where the body has the id of the event. */
function asNext({ text, ...fixture }: Fixture): Fixture {
  return { ...fixture, text: text.replace(/("event":\s*\{\s*"id":\s*")/, "$1next-") };
}

const GRADED = SETS.filter((ruleSet) =>
  actionsOf(ruleSet).some((action) => action.type === "create" && /\{[{%]/.test(String(action.urgency ?? ""))),
);

describe("a rise in urgency", () => {
  it.each(GRADED)("is an update: $name", async (ruleSet) => {
    const rise = riseIn(ruleSet);
    if (rise === null) throw new Error("no field changes the urgency under the same key");
    const line = await openLine("rules", { rule_set: rise.name });
    for (const { text, headers } of [rise.lower, asNext(rise.higher), asNext(asNext(rise.higher))]) {
      expect(await line.send(text, { type: null, headers })).toMatchObject({ status: 200 });
    }
    const outcomes = pluck(await line.events(), "outcome").filter((outcome) => outcome !== "ignored");
    expect(outcomes).toEqual(["created", "updated", "repeated"]);
    expect(pluck(line.delivered(), "type")).toEqual(["alert.created", "alert.updated"]);
    expect(await line.alerts()).toHaveLength(1);
  });
});

it("has no fixtures without a rule set", () => {
  expect(Object.keys(EXPECTED).toSorted()).toEqual([...RULE_SETS.keys()].toSorted());
});
