import { describe, expect, test } from "vitest";
import { apiCalls, callFault, inputFault, syntaxFault, unsetVariables } from "./blocks.ts";
import { PAGES, blocksOf, isAboutVendor, textOf } from "./pages.ts";

/** Names of the gateway and of its token that pages had before. */
const EARLIER_NAMES = ["GATEWAY", "TOKEN", "ADMIN_TOKEN", "HOOKGATE"];

const withBlocks = PAGES.map((page) => ({ page, blocks: blocksOf(textOf(page)) })).filter(
  ({ blocks }) => blocks.length > 0,
);

function callFaults(script: string): string[] {
  return apiCalls(script).flatMap((call) => callFault(call) ?? []);
}

describe.each(withBlocks)("the code of $page", ({ page, blocks }) => {
  test("can be read", () => {
    const faults = blocks.flatMap((block) => {
      const fault = syntaxFault(block);
      return fault === null ? [] : [`line ${block.line}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  test("calls the API as its document says", () => {
    const scripts = blocks.filter(({ language }) => language === "sh");
    expect(scripts.flatMap(({ text }) => callFaults(text))).toEqual([]);
  });

  test("shows filters, payloads and destinations that the API accepts", () => {
    expect(blocks.flatMap((block) => inputFault(block) ?? [])).toEqual([]);
  });

  test("uses only variables that are set", () => {
    const unset = unsetVariables(textOf(page), blocks);
    expect(isAboutVendor(page) ? unset.filter((name) => EARLIER_NAMES.includes(name)) : unset).toEqual([]);
  });
});

describe("a block is refused", () => {
  const faultOf = (language: string, text: string) => syntaxFault({ language, line: 1, text });

  test.each([
    ["json", '{"a": 1,}'],
    ["yaml", "a: [1"],
    ["toml", "a = "],
    ["ts", "const a: = 1"],
    ["sh", "if true; then"],
    ["python", "def a("],
    ["liquid", "{% if a %}"],
  ])("that cannot be read as %s", (language, text) => {
    expect(faultOf(language, text)).toEqual(expect.any(String));
  });

  test.each([
    ['curl "$HOOKGATE_URL/api/v1/route" -d "{}"', "There is no POST /api/v1/route"],
    ["curl -X PUT https://gateway.example/api/v1/routes -d '{}'", "There is no PUT /api/v1/routes"],
    ['curl "$API/events?since=1h"', "no parameter since"],
    [`curl "$HOOKGATE_URL/api/v1/routes" -d '{"name":"a"}'`, "data must have required property 'destination_ids'"],
    [`curl "$HOOKGATE_URL/api/v1/routes" -d '{"name":"a","destination_ids":["dst_…"],"mach":{}}'`, expect.any(String)],
  ])("that calls the API with %s", (script, fault) => {
    expect(callFaults(script)).toEqual([fault]);
  });

  test.each([
    ['{"data.alert.urgency": {"$inn": ["high"]}}'],
    ['{"mode": "template", "content": "a"}'],
    ['{"name": "a", "type": "document", "options": {"key": "a"}, "payload": {"mode": "none"}}'],
  ])("that shows the input %s", (text) => {
    expect(inputFault({ language: "json", line: 1, text })).toEqual(expect.any(String));
  });

  test("that uses a variable which is not set", () => {
    const block = { language: "sh", line: 1, text: "A=1; echo $A \"$B\" '$C'\n" };
    expect(unsetVariables("", [block])).toEqual(["B"]);
  });
});
