import { describe, expect, it } from "vitest";
import { firstRequest, isUnderstood } from "../../src/dashboard/integrations/first-webhook.ts";
import { INTEGRATION_TYPES, sourceOf } from "../../src/sources/registry.ts";
import { RULE_SETS } from "../../src/sources/rules/sets/index.ts";

const INTEGRATIONS = [
  ...INTEGRATION_TYPES.filter((type) => type !== "rules").map((type) => ({ type, options: {} })),
  ...[...RULE_SETS.keys()].map((name) => ({ type: "rules", options: { rule_set: name } })),
];
const UNDERSTOOD = INTEGRATIONS.filter((integration) => isUnderstood(integration));

describe("the first webhook", () => {
  it.each(UNDERSTOOD)("to $type with $options becomes an event that is delivered", async ({ type, options }) => {
    const url = "https://gateway.example/integration/int_1";
    const text = firstRequest({ type, options, url, auth: { type: "none" } })?.body ?? "";
    const source = sourceOf(type);
    const interpret = await source.prepare(source.options.parse(options));
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", query: "", headers, body: new TextEncoder().encode(text), text, is_utf8: true };
    const read = interpret(request, { integration: { id: "int_1", name: "A", type }, eventIdAt: () => "evt_1" });
    const actions = read.ok ? read.value.map(({ signal }) => signal.action) : [];
    expect(actions).toEqual([type === "catch" ? "receive" : "create"]);
  });

  it("is understood by every type and by the rule sets of the guides", () => {
    const names = UNDERSTOOD.map(({ type, options }) => ("rule_set" in options ? options.rule_set : type));
    expect(names).toEqual(expect.arrayContaining(["backtrace", "catch", "pagertree", "retrace", "alertmanager"]));
    expect(isUnderstood({ type: "rules", options: {} })).toBe(false);
  });
});
