import fc from "fast-check";
import { expect, it } from "vitest";
import { parseExact } from "../../../src/model/exact-json.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { RULE_SETS } from "../../../src/sources/rules/sets/index.ts";
import { rulesOptions } from "../../../src/sources/rules/options.ts";
import { prepareRules } from "../../../src/sources/rules/rules.ts";
import { rulesShape } from "../../../src/sources/rules/schema.ts";
import { interpret, requestOf } from "./support.ts";
import { runs } from "../../support/runs.ts";

/** Drops values that JSON cannot contain. */
function asJson(made: object): JsonObject {
  const json: JsonObject = JSON.parse(JSON.stringify(made));
  return json;
}

const template = fc.oneof(
  fc.constantFrom(
    "{{ log.data.a }}",
    "{{ log.data }}",
    "{{ log.data.b | json | split: ',' | sort | join: log.data.a }}",
    "{% for x in log.data.b %}{{ x[0] | date: '%Y' }}{{ x | plus: 1 }}{% endfor %}",
    "{{ log.headers.x-a | url_decode | base64_encode | truncate: log.data.a }}",
    "{{ log.body | size }}{{ log.params.q | default: log.data.c }}",
    "{% if log.data.a contains log.data.b or log.data.a > log.data.c %}low{% else %}high{% endif %}",
    "{{ log.data.b | map: 'a' | where: 'a', log.data.c | sum | round: log.data.a }}",
  ),
  fc.string(),
);
const path = fc.constantFrom(
  "log.data.a",
  "log.data.b.a",
  "log.data",
  "log.headers.x-a",
  "log.params.q",
  "log.data.b.0",
  "log.data.constructor",
);
const condition = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }).filter((value) => typeof value !== "object"),
  fc.constantFrom<JsonObject[]>(
    { $exists: true },
    { $gt: 0 },
    { $regex: "(a|b)+$" },
    { $size: 1 },
    { $nin: [1, null] },
    { $not: { $type: "object" } },
    { $elemMatch: { a: 1 } },
  ),
);
const match = fc.dictionary(path, condition, { maxKeys: 2, noNullPrototype: true });
const optional = fc.option(template, { nil: undefined });
const create = fc
  .record({
    title: template,
    thirdparty_id: optional,
    description: optional,
    urgency: optional,
    tags: optional,
    incident: optional,
    dedup_keys: optional,
    meta: fc.dictionary(fc.constantFrom("a", "b"), template, { noNullPrototype: true }),
  })
  .map((fields) => ({ type: "create", ...fields }));
const action = fc.oneof(
  create,
  template.map((reason) => ({ type: "ignore", reason })),
  fc
    .tuple(fc.constantFrom("resolve", "acknowledge"), template)
    .map(([type, thirdparty_id]) => ({ type, thirdparty_id })),
);
const actions = fc.array(action, { minLength: 1, maxLength: 3 });
const options = fc
  .record({
    rules: fc.array(fc.record({ match, actions }), { maxLength: 3 }),
    default: fc.option(
      actions.map((list) => ({ actions: list })),
      { nil: undefined },
    ),
    preprocess: fc.constantFrom([], [{ type: "parse_json" }], [{ type: "parse_sns" }, { type: "parse_json" }]),
    each: fc.constantFrom(undefined, "b", "a.b"),
  })
  .map(asJson);

const leaf = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom("[1]", '{"a":"[2]"}', "now", "%zz", "\ud800", 1e308, -0, "__proto__"),
);
const body = fc.oneof(
  fc.dictionary(
    fc.constantFrom("a", "b", "c", "Type", "Message", "__proto__", "toString", "size"),
    fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })),
    { maxKeys: 5 },
  ),
  fc.jsonValue(),
);
const sent = fc.record({
  text: fc.oneof(
    body.map((value) => JSON.stringify(value)),
    fc.string(),
    fc.webQueryParameters(),
  ),
  query: fc.oneof(fc.constant(""), fc.webQueryParameters()),
  type: fc.constantFrom("application/json", "text/plain", "application/x-www-form-urlencoded", "application/xml", ""),
});

it("gives events or tells what is wrong, whatever the rules and the request", () => {
  fc.assert(
    fc.property(options, sent, (given, { text, query, type }) => {
      if (!rulesOptions().safeParse(given).success) return;
      const request = { text, query, headers: { "content-type": type, "x-a": "a+b" } };
      const events = interpret(given, request);
      if (!events.ok) {
        expect(events.error.length).toBeGreaterThan(0);
        return;
      }
      expect(events.value.length).toBeGreaterThan(0);
      for (const { signal, payload, payload_is_body } of events.value) {
        if (payload_is_body) expect(payload).toEqual(parseExact(text));
        if (signal.action === "create") expect(signal.fields.title.trim()).not.toBe("");
        if ("key" in signal) expect(signal.key).not.toBe("");
      }
      expect(interpret(given, request)).toEqual(events);
    }),
    { numRuns: runs(3_000) },
  );
});

it("never throws on options", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.jsonValue(),
        options,
        fc.record({ rules: fc.jsonValue(), default: fc.jsonValue(), each: fc.jsonValue() }),
      ),
      (given) => {
        expect(typeof rulesOptions().safeParse(given).success).toBe("boolean");
      },
    ),
    { numRuns: runs(5_000) },
  );
});

it("never throws with a ready-made rule set", () => {
  const prepared = [...RULE_SETS.keys()].map((name) => prepareRules(rulesShape().parse({ rule_set: name }), RULE_SETS));
  const context = {
    integration: { id: "int_1", name: "n", type: "rules" },
    eventIdAt: (index: number) => `evt_${index}`,
  };
  fc.assert(
    fc.property(fc.constantFrom(...prepared), sent, (interpreter, { text, query, type }) => {
      expect(typeof interpreter(requestOf({ text, query, headers: { "content-type": type } }), context).ok).toBe(
        "boolean",
      );
    }),
    { numRuns: runs(5_000) },
  );
});
