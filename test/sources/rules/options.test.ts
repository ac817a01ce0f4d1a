import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/model/json.ts";
import { RULE_SETS } from "../../../src/sources/rules/sets/index.ts";
import { rules } from "../../../src/sources/rules/rules.ts";
import { eventsOf, faultsIn } from "./support.ts";

const IGNORE = { match: {}, actions: [{ type: "ignore" }] };

function actions(...given: JsonObject[]): JsonObject {
  return { rules: [IGNORE, { match: {}, actions: given }] };
}

describe("options of rules", () => {
  it.each<[string, JsonObject]>([
    ["rules alone", { rules: [IGNORE] }],
    ["no rules but a default", { rules: [], default: { actions: [{ type: "create", title: "x" }] } }],
    [
      "everything",
      {
        rules: [IGNORE],
        default: { actions: [{ type: "ignore" }] },
        preprocess: [{ type: "parse_json" }, { type: "parse_sns" }],
        each: "a.b.0",
      },
    ],
    [
      "nulls for what is not set",
      { rule_set: null, rules: [IGNORE], default: null, preprocess: null, each: null, expect_every_minutes: null },
    ],
  ])("can be %s", (_name, options) => {
    expect(faultsIn(options)).toEqual([]);
  });

  it.each<[JsonObject, string]>([
    [{}, "rules: is required, or else rule_set"],
    [{ rule_set: "nope" }, "rule_set: is not a rule set. The rule sets are airflow, "],
    [{ rule_set: "__proto__" }, "rule_set: is not a rule set"],
    [{ rule_set: "grafana", rules: [] }, "rules: cannot be combined with rule_set"],
    [{ rule_set: "grafana", each: "a" }, "each: cannot be combined with rule_set"],
    [{ rules: "x" }, "rules: "],
    [{ rules: [] }, "rules: must contain a rule, unless there is a default"],
    [{ rules: [], default: null }, "rules: must contain a rule, unless there is a default"],
    [{ rules: [{ match: {} }] }, "rules[0].actions: "],
    [{ rules: [{ actions: [{ type: "ignore" }] }] }, "rules[0].match: must be a map"],
    [{ rules: [{ match: [], actions: [{ type: "ignore" }] }] }, "rules[0].match: must be a map"],
    [{ rules: [{ match: {}, actions: [] }] }, "rules[0].actions: "],
    [
      { rules: [{ match: { "log.data.a": { $bad: 1 } }, actions: [{ type: "ignore" }] }] },
      "rules[0].match.log.data.a.$bad: is not an operator that is known here",
    ],
    [{ rules: [IGNORE, { match: { $where: "1" }, actions: [{ type: "ignore" }] }] }, "rules[1].match.$where: "],
    [
      { rules: [{ match: { a: { $regex: "(?!x)" } }, actions: [{ type: "ignore" }] }] },
      "rules[0].match.a.$regex: is not a pattern that can be used",
    ],
    [actions({ type: "reject" }), "rules[1].actions[0].type: "],
    [actions({ type: "create" }), "rules[1].actions[0].title: "],
    [
      actions({ type: "ignore" }, { type: "create", title: "{{ x" }),
      "rules[1].actions[1].title: is not a template that can be read: ",
    ],
    [actions({ type: "create", title: { a: 1 } }), "rules[1].actions[0].title: "],
    [actions({ type: "create", title: "x", description: "{% if %}" }), "rules[1].actions[0].description: "],
    [actions({ type: "create", title: "x", urgency: "{{ a | nope }}" }), "rules[1].actions[0].urgency: "],
    [actions({ type: "create", title: "x", tags: ["a", "{{"] }), "rules[1].actions[0].tags[1]: "],
    [actions({ type: "create", title: "x", tags: "{{" }), "rules[1].actions[0].tags: "],
    [actions({ type: "create", title: "x", meta: { a: { b: ["{{"] } } }), "rules[1].actions[0].meta.a.b[0]: "],
    [
      actions({ type: "create", title: "x", additional_data: [{ label: "l", value: "{{" }] }),
      "rules[1].actions[0].additional_data[0].value: ",
    ],
    [
      actions({ type: "create", title: "x", additional_data: [{ format: "html", label: "l", value: "v" }] }),
      "rules[1].actions[0].additional_data[0].format: ",
    ],
    [actions({ type: "create", title: "x", dedup_keys: ["{{"] }), "rules[1].actions[0].dedup_keys[0]: "],
    [actions({ type: "create", title: "x", incident_severity: "{{" }), "rules[1].actions[0].incident_severity: "],
    [actions({ type: "resolve", thirdparty_id: "{{" }), "rules[1].actions[0].thirdparty_id: "],
    [actions({ type: "resolve", title: "x" }), "rules[1].actions[0].title: is not known here"],
    [actions({ type: "ignore", reason: "{{" }), "rules[1].actions[0].reason: "],
    [{ rules: [], default: { actions: [{ type: "create", title: "{{" }] } }, "default.actions[0].title: "],
    [{ rules: [], preprocess: [{ type: "eval" }] }, "preprocess[0].type: "],
    [{ rules: [], each: "a..b" }, "each: must be a dotted path"],
    [{ rules: [], what: 1 }, "what: is not known here"],
    [{ rules: Array.from({ length: 201 }, () => IGNORE) }, "rules: "],
  ])("cannot be %j", (options, fault) => {
    expect(faultsIn(options)[0]).toContain(fault);
  });

  it("bound what nests in meta, and patterns over all rules", () => {
    let deep: JsonObject = { a: "x" };
    for (let i = 0; i < 15; i++) deep = { deep };
    expect(faultsIn(actions({ type: "create", title: "x", meta: deep }))[0]).toContain(
      "must nest at most 10 levels deep",
    );
    const match = { a: { $regex: "x{400}" } };
    const many = Array.from({ length: 100 }, () => ({ match, actions: [{ type: "ignore" }] }));
    expect(faultsIn({ rules: many }).at(-1)).toContain("together they are too large");
  });

  it("take GET beside POST and PUT", () => {
    expect(rules.methods).toEqual(["POST", "PUT", "GET"]);
  });
});

describe("ready-made rule sets", () => {
  it.each([...RULE_SETS.keys()])("%s can be named, and given as rules of one's own", (name) => {
    expect(faultsIn({ rule_set: name })).toEqual([]);
    const options: JsonObject = JSON.parse(JSON.stringify(RULE_SETS.get(name)?.options ?? {}));
    expect(faultsIn(options)).toEqual([]);
  });

  it("are found by name when a request comes", () => {
    const alert = (status: string): JsonObject => ({ status, fingerprint: "f1", labels: { alertname: "Down" } });
    const events = eventsOf({ rule_set: "alertmanager" }, { body: { alerts: [alert("firing"), alert("resolved")] } });
    expect(events.map(({ signal }) => signal)).toMatchObject([
      { action: "create", key: "f1" },
      { action: "resolve", key: "f1" },
    ]);
  });
});
