import { describe, expect, it } from "vitest";
import { isJsonObject } from "../../../../src/model/json.ts";
import { RULE_SETS } from "../../../../src/sources/rules/sets/index.ts";
import { rulesOptions } from "../../../../src/sources/rules/options.ts";
import { prepareRules } from "../../../../src/sources/rules/rules.ts";
import { ruleSetSummaries } from "../../../../src/sources/rules/summaries.ts";
import { rulesShape } from "../../../../src/sources/rules/schema.ts";
import type { SourceEvent } from "../../../../src/sources/source.ts";
import { EXPECTED, type Expected } from "./expected.ts";
import { DOCS, FIXTURES, type Fixture } from "./fixtures.ts";

const FIRST_WANTED = [
  "alertmanager",
  "grafana",
  "datadog",
  "newrelic",
  "cloudwatch",
  "azuremonitor",
  "googlecloud",
  "sentry",
  "uptimerobot",
  "uptimekuma",
  "pingdom",
  "healthchecks",
  "zabbix",
];

const INTEGRATION = { id: "int_1", name: "Orchard", type: "rules" };
const SETS = [...RULE_SETS.values()].map((ruleSet) => ({ ...ruleSet }));

type Sent = Pick<Fixture, "text" | "headers"> & { readonly method?: string; readonly query?: string };

function read(ruleSet: string, { text, headers, method = "POST", query = "" }: Sent): readonly SourceEvent[] {
  const interpret = prepareRules(rulesShape().parse({ rule_set: ruleSet }), RULE_SETS);
  const request = { method, query, headers, body: new TextEncoder().encode(text), text, is_utf8: true };
  const result = interpret(request, { integration: INTEGRATION, eventIdAt: (index) => `evt_${index}` });
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

function seen({ signal, test }: SourceEvent): Expected | "unexpected" {
  switch (signal.action) {
    case "create": {
      const { title, urgency, tags, additional_data } = signal.fields;
      const links = additional_data.filter(({ format }) => format === "link").length;
      return { action: "create", key: signal.key, title, urgency, tags, links };
    }
    case "acknowledge":
    case "resolve":
      return { action: signal.action, key: signal.key };
    case "ignore":
      return { action: "ignore" };
    case "receive":
      return test === true ? { action: "test" } : { action: "receive" };
    case "update":
    case "remind":
    case "announce":
      return "unexpected";
  }
}

function keyOf(ruleSet: string, name: string): string | undefined {
  const expected = EXPECTED[ruleSet]?.[name]?.[0];
  return expected === undefined || !("key" in expected) ? undefined : expected.key;
}

describe("the list of rule sets", () => {
  it("has the tools that are reached for first", () => {
    expect([...RULE_SETS.keys()]).toEqual(expect.arrayContaining(FIRST_WANTED));
    expect(RULE_SETS.size).toBeGreaterThanOrEqual(24);
  });

  it.each(SETS)("has $name under a lower-case name and with options that the source takes", ({ name, options }) => {
    expect(name).toMatch(/^[a-z0-9]+$/);
    const parsed = rulesOptions().safeParse(options);
    expect(parsed.error).toBeUndefined();
  });

  it("is shown with what a gallery needs", () => {
    const summaries = ruleSetSummaries();
    expect(summaries.map(({ name }) => name)).toEqual([...RULE_SETS.keys()]);
    for (const summary of summaries) {
      expect(Object.keys(summary).toSorted()).toEqual([
        "actions",
        "capabilities",
        "category",
        "docs",
        "logo",
        "name",
        "options",
        "title",
        "vendor_url",
      ]);
      expect(summary.vendor_url).toMatch(/^https:\/\//);
      expect(isJsonObject(JSON.parse(JSON.stringify(summary.options)))).toBe(true);
    }
  });
});

describe("each rule set", () => {
  it.each(SETS)("has a page that is linked from the index: $name", ({ name, docs }) => {
    expect(DOCS.get(docs ?? "")).toContain(`"rule_set":"${name}"`);
    expect(DOCS.get("docs/sources/README.md")).toContain(`(${name}.md)`);
  });

  it.each(SETS)("is tried with what opens and what resolves an alert, under one key: $name", ({ name, options }) => {
    expect(keyOf(name, "create")).toBeDefined();
    // A few products never send that a problem ended.
    const isEnding = options.rules.some(({ actions }) => actions.some(({ type }) => type === "resolve"));
    expect(keyOf(name, "resolve")).toBe(isEnding ? keyOf(name, "create") : undefined);
    if (EXPECTED[name]?.["acknowledge"]) expect(keyOf(name, "acknowledge")).toBe(keyOf(name, "create"));
  });

  it("has a fixture for each expectation, and an expectation for each fixture", () => {
    const files = FIXTURES.map(({ ruleSet, name }) => `${ruleSet}/${name}`);
    const expectations = Object.entries(EXPECTED).flatMap(([ruleSet, cases]) =>
      Object.keys(cases).map((name) => `${ruleSet}/${name}`),
    );
    expect(files.toSorted()).toEqual(expectations.toSorted());
  });
});

describe("what tools send", () => {
  it.each(FIXTURES)("is understood: $ruleSet, $name", (fixture) => {
    const expected = EXPECTED[fixture.ruleSet]?.[fixture.name];
    expect(read(fixture.ruleSet, fixture).map(seen)).toEqual(expected);
  });

  it.each(FIXTURES.filter(({ isForm }) => isForm))("is understood in a query too: $ruleSet, $name", (fixture) => {
    const expected = EXPECTED[fixture.ruleSet]?.[fixture.name];
    const events = read(fixture.ruleSet, { method: "GET", query: fixture.text, text: "", headers: {} });
    expect(events.map(seen)).toEqual(expected);
  });

  it.each(FIXTURES)("leaves nothing of a template in the alert: $ruleSet, $name", (fixture) => {
    for (const { signal } of read(fixture.ruleSet, fixture)) {
      if (signal.action !== "create") continue;
      const said = JSON.stringify(signal.fields);
      expect(said).not.toMatch(/\{\{|\{%|\bundefined\b|\[object /);
      for (const datum of signal.fields.additional_data) expect(datum.value).not.toBe("");
    }
  });

  it.each(SETS)("is ignored with a reason where it is nothing that the tool sends: $name", ({ name }) => {
    const [event] = read(name, { text: '{"hello":"world"}', headers: { "content-type": "application/json" } });
    expect(event === undefined || event.signal.action === "ignore").toBe(true);
  });
});
