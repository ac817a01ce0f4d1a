import { describe, expect, it } from "vitest";
import { parseExactAs } from "../../src/model/exact-json.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { parseTemplate, renderTemplate } from "../../src/templates/liquid.ts";

const BIG = "9007199254740993";
const SCOPE = `{"id":${BIG},"next":${BIG}1,"neg":-${BIG},"t":"${BIG}","n":7,"half":0.5,"max":9007199254740991,
  "huge":1${"0".repeat(400)},"l":[${BIG},3,9007199254740992,${BIG},9007199254740995],
  "items":[{"id":${BIG},"name":"a"},{"id":9007199254740995,"name":"b"}]}`;

function render(text: string): string {
  const template = parseTemplate(text);
  if (!template.ok) throw new Error(template.error);
  const rendered = renderTemplate(template.value, parseExactAs<JsonObject>(SCOPE));
  if (!rendered.ok) throw new Error(rendered.error);
  return rendered.value;
}

describe("arithmetic keeps every digit of whole numbers", () => {
  it.each([
    ["id | plus: 1", "9007199254740994"],
    ["id | plus: n", "9007199254741000"],
    ["t | plus: 1", "9007199254740994"],
    ["id | minus: id", "0"],
    ["id | minus: 2", "9007199254740991"],
    ["neg | abs", BIG],
    ["id | times: 3", "27021597764222979"],
    ["max | plus: 2", BIG],
    ["max | times: 10 | plus: 7", "90071992547409917"],
    ["id | modulo: 10", "3"],
    ["id | times: 10 | divided_by: 10", BIG],
    ["id | ceil", BIG],
    ["id | floor", BIG],
    ["id | round", BIG],
    ["id | to_integer", BIG],
    ["id | at_least: next", `${BIG}1`],
    ["next | at_most: id", BIG],
    ["id | plus: 1 | json", "9007199254740994"],
    ["l | sum", "36028797018963976"],
    ["items | sum: 'id'", "18014398509481988"],
    ["l | uniq | join: ','", `${BIG},3,9007199254740992,9007199254740995`],
    ["l | sort | join: ','", `3,9007199254740992,${BIG},${BIG},9007199254740995`],
    ["items | where: 'id', id | map: 'name' | join: ','", "a"],
  ])("%s", (expression, expected) => {
    expect(render(`{{ ${expression} }}`)).toBe(expected);
  });

  it("and compares them", () => {
    const yes = ["id == id", "id != next", "id < next", "next >= id", "id > n", "n < id", "id <= id", "id != n"];
    for (const condition of yes) expect(render(`{% if ${condition} %}yes{% endif %}`), condition).toBe("yes");
    const no = ["id == next", "id == t", "id > next", "id < n", "id == max", "id == nothing", "id > nothing"];
    for (const condition of no) expect(render(`{% if ${condition} %}yes{% endif %}`), condition).toBe("");
    expect(render("{% case id %}{% when next %}next{% when id %}id{% endcase %}")).toBe("id");
  });
});

describe("other numbers are calculated as before", () => {
  it.each([
    ["n | divided_by: 2", "3.5"],
    ["n | divided_by: 2, true", "3"],
    ["n | plus: half", "7.5"],
    ["id | divided_by: 0", "Infinity"],
    ["id | times: half", "4503599627370496"],
    ["n | modulo: 0", "NaN"],
    ["'x' | plus: 1", "1"],
    ["huge | plus: 1", "Infinity"],
    ["'' | plus: 1", "1"],
  ])("%s", (expression, expected) => {
    expect(render(`{{ ${expression} }}`)).toBe(expected);
  });

  it("numbers that grow do not grow without an end", () => {
    const squares = "{% for i in (1..40) %}{% assign id = id | times: id %}{% endfor %}{{ id }}";
    expect(render(squares).length).toBeLessThan(110);
  });
});
