import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { parseTemplate, renderTemplate } from "../../src/templates/liquid.ts";

function parseError(text: string): string {
  const template = parseTemplate(text);
  return template.ok ? "" : template.error;
}

function render(text: string, scope: JsonObject = {}): string {
  const template = parseTemplate(text);
  if (!template.ok) throw new Error(template.error);
  const rendered = renderTemplate(template.value, scope);
  return rendered.ok ? rendered.value : `failed: ${rendered.error}`;
}

describe("what a template writes", () => {
  it.each<[string, string, JsonObject]>([
    ["text { without % } a slot", "text { without % } a slot", {}],
    ["{{ name }}", "db-7", { name: "db-7" }],
    [
      "{{ a.b.c }} {{ a['b'].c }} {{ list[1] }} {{ list.first }} {{ list.size }}",
      "1 1 y x 2",
      { a: { b: { c: 1 } }, list: ["x", "y"] },
    ],
    ['{{ log["Alert Name"] }} {{ log.with-dash }}', "one two", { log: { "Alert Name": "one", "with-dash": "two" } }],
    ["[{{ missing }}{{ missing.deeper }}{{ nothing }}]", "[]", { nothing: null }],
    ["{{ yes }} {{ no }} {{ n }} {{ z }}", "true false 1.5 0", { yes: true, no: false, n: 1.5, z: 0 }],
    ["{{ map }}", '{"a":[1,{"b":null}]}', { map: { a: [1, { b: null }] } }],
    ["{{ list }}", "a, 1, true", { list: ["a", 1, true] }],
    [
      "{% for tag in tags %}{{ forloop.index }}{{ tag }}{% unless forloop.last %},{% endunless %}{% endfor %}",
      "1a,2b",
      { tags: ["a", "b"] },
    ],
    ["{% for pair in labels %}{{ pair[0] }}={{ pair[1] }};{% endfor %}", "a=1;b=2;", { labels: { a: 1, b: 2 } }],
    ["{% for i in (1..3) reversed %}{{ i }}{% endfor %}", "321", {}],
    ["{% if a == 1 and b contains 'x' %}y{% elsif c %}z{% else %}n{% endif %}", "y", { a: 1, b: ["x"] }],
    [
      "{% if map contains 'toString' %}y{% else %}n{% endif %}{% if map contains 'k' %}y{% endif %}",
      "ny",
      { map: { k: 1 } },
    ],
    ["{% case s %}{% when 'a', 'b' %}1{% else %}2{% endcase %}", "1", { s: "b" }],
    ["{% assign x = s | upcase %}{% capture y %}<{{ x }}>{% endcapture %}{{ y }}", "<AB>", { s: "ab" }],
    ["{% comment %}{{ x }}{% endcomment %}{% raw %}{{ x }}{% endraw %}{% # a note %}", "{{ x }}", { x: 1 }],
    ["{% liquid\nassign a = 1\necho a\n%}", "1", {}],
    ["{%- if true -%}  a  {%- endif -%}", "a", {}],
    [
      "{% if s == blank %}b{% endif %}{% if l == empty %}e{% endif %}{% if n == nil %}n{% endif %}",
      "ben",
      { s: " ", l: [], n: null },
    ],
  ])("%s", (text, expected, scope) => {
    expect(render(text, scope)).toBe(expected);
  });
});

describe("filters", () => {
  const scope: JsonObject = {
    s: "Hello World",
    e: "",
    h: "<b>a & b</b>",
    n: 7,
    l: [3, 1, 2],
    words: ["b", "A", "c"],
    items: [
      { name: "x", at: { n: 2 }, on: true },
      { name: "y", at: { n: 1 }, on: false },
    ],
  };
  it.each<[string, string]>([
    ["e | default: 'none'", "none"],
    ["missing | default: s", "Hello World"],
    ["n | default: 1", "7"],
    ["s | downcase | capitalize", "Hello world"],
    ["s | upcase | truncate: 8", "HELLO..."],
    ["s | truncatewords: 1", "Hello..."],
    ["s | append: '!' | prepend: '>'", ">Hello World!"],
    ["s | replace: 'l', 'L' | remove: 'o'", "HeLL WrLd"],
    ["s | replace_first: 'o', '0' | replace_last: 'o', '1' | remove_first: 'l' | remove_last: 'l'", "Hel0 W1rd"],
    ["s | split: ' ' | last", "World"],
    ["s | split: '' | first", "H"],
    ["s | slice: -5, 5", "World"],
    ["s | slice: 1", "e"],
    ["l | slice: 1, 2 | join: '+'", "1+2"],
    ["s | size", "11"],
    ["'  a  ' | strip | append: '.'", "a."],
    ["'  a' | lstrip", "a"],
    ["'a  ' | rstrip | append: '.'", "a."],
    ["' a  b ' | squish", "a b"],
    ["h | escape", "&lt;b&gt;a &amp; b&lt;/b&gt;"],
    ["h | strip_html", "a & b"],
    ["'a b&c' | url_encode", "a+b%26c"],
    ["'a+b%26c' | url_decode", "a b&c"],
    ["'%zz' | url_decode", "%zz"],
    ["'hi' | base64_encode", "aGk="],
    ["'aGk=' | base64_decode", "hi"],
    ["n | plus: 1 | times: 2 | minus: 1 | divided_by: 5", "3"],
    ["7 | modulo: 4", "3"],
    ["-1.567 | abs | round: 1", "1.6"],
    ["'12' | to_integer | plus: 1", "13"],
    ["1.2 | ceil | at_least: 5 | at_most: 4", "4"],
    ["l | sort | join: ','", "1,2,3"],
    ["words | sort_natural | join: ''", "Abc"],
    ["words | reverse | join: ''", "cAb"],
    ["l | concat: words | size", "6"],
    ["items | map: 'at.n' | sum", "3"],
    ["items | sum: 'at.n'", "3"],
    ["items | sort: 'at.n' | map: 'name' | join: ''", "yx"],
    ["items | where: 'on' | map: 'name' | join: ''", "x"],
    ["items | where: 'name', 'y' | size", "1"],
    ["items | reject: 'name', 'y' | map: 'name' | first", "x"],
    ["items | find: 'name', 'y' | json", '{"name":"y","at":{"n":1},"on":false}'],
    ["items | find_index: 'name', 'y'", "1"],
    ["items | has: 'name', 'z'", "false"],
    ["'a,b,a' | split: ',' | uniq | join: ''", "ab"],
    ["items | map: 'nope' | compact | size", "0"],
    ["words | array_to_sentence_string", "b, A, and c"],
    ["missing | json", "null"],
    ["s | json", '"Hello World"'],
    ["l | json: 2", "[\n  3,\n  1,\n  2\n]"],
    ["1700000000 | date: '%Y-%m-%d %H:%M:%S'", "2023-11-14 22:13:20"],
    ["'2024-02-29T12:00:00+02:00' | date: '%d %b %Y, %H:%M'", "29 Feb 2024, 10:00"],
    ["'2024-02-29T12:00:00Z' | date: '%H:%M', 'Europe/Berlin'", "13:00"],
    ["'not a date' | date: '%Y'", "not a date"],
    ["'now' | date: '%Y'", "now"],
  ])("{{ %s }}", (expression, expected) => {
    expect(render(`{{ ${expression} }}`, scope)).toBe(expected);
  });
});

describe("what is refused when a template is saved", () => {
  it.each([
    ["{{ a", "not closed"],
    ["{% if a %}", "not closed"],
    ["{% include 'x' %}", 'tag "include" not found'],
    ["{% render 'x' %}", 'tag "render" not found'],
    ["{% layout 'x' %}{% block a %}{% endblock %}", 'tag "layout" not found'],
    ["{% increment a %}", 'tag "increment" not found'],
    ["{% tablerow a in b %}{% endtablerow %}", 'tag "tablerow" not found'],
    ["{{ a | nope }}", "undefined filter: nope"],
    ["{{ a | where_exp: 'x', 'x.y' }}", "undefined filter: where_exp"],
    ["{{ a | group_by_exp: 'x', 'x.y' }}", "undefined filter: group_by_exp"],
    ["{{ a | find_exp: 'x', 'x.y' }}", "undefined filter: find_exp"],
    ["{{ a | sample }}", "undefined filter: sample"],
    ["{{ a | sha256 }}", "undefined filter: sha256"],
    ["{{ a | constructor }}", "undefined filter: constructor"],
    ["{{ a | __proto__ }}", "undefined filter: __proto__"],
    ["{% for i in (1..count) %}{% endfor %}", "the bounds of a range must be two whole numbers"],
    ["{{ (a..b) }}", "the bounds of a range must be two whole numbers"],
    [
      "{% for i in (9007199254740992..9007199254740994) %}{% endfor %}",
      "the bounds of a range must be two whole numbers",
    ],
  ])("%s", (text, message) => {
    expect(parseError(text)).toContain(message);
  });

  it("refuses a template that is too long", () => {
    expect(parseError("x".repeat(65_537))).toBe("is a template of more than 65536 characters");
  });

  it("says where the fault is", () => {
    expect(parseError("ok\n {{ a | nope }}")).toMatch(/line:2, col:\d+/);
  });
});

it("gives the same text for the same scope and leaves the scope as it was", () => {
  const scope = { a: { list: [2, 1] }, now: "now" };
  const text = "{% assign a = a.list | sort %}{{ a }}{{ 'now' | date }}{{ 'today' | date: '%Y' }}";
  const before = JSON.stringify(scope);
  expect(render(text, scope)).toBe(render(text, scope));
  expect(JSON.stringify(scope)).toBe(before);
});
