import { Budget, UNITS_PER_MS } from "../../src/model/budget.ts";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { parseTemplate, renderTemplate } from "../../src/templates/liquid.ts";

const MAX_WORK = 100 * UNITS_PER_MS;

function run(text: string, scope: JsonObject = {}): { readonly text: string | null; readonly spent: number } {
  const template = parseTemplate(text);
  if (!template.ok) throw new Error(template.error);
  const budget = new Budget("template work", 1_000_000_000);
  const rendered = renderTemplate(template.value, scope, budget);
  return { text: rendered.ok ? rendered.value : null, spent: 1_000_000_000 - budget.remaining };
}

const DOUBLING = "{% for i in (1..100) %}{% assign a = a | ";

describe("what would cost too much is ended by counting", () => {
  const long = "a".repeat(1_000_000);
  const numbers = Array.from({ length: 200_000 }, (_, index) => index);
  it.each<[string, string, JsonObject]>([
    [
      "nested loops",
      "{% for i in (1..100000) %}{% for j in (1..100000) %}{% for k in (1..9) %}{% endfor %}{% endfor %}{% endfor %}",
      {},
    ],
    ["a large range", "{% for i in (-1000000..1000000) %}{% endfor %}", {}],
    ["a range made again and again", "{% for i in (1..1000) %}{{ (1..900000) | size }}{% endfor %}", {}],
    ["a text that doubles by append", `{% assign a = 'xx' %}${DOUBLING}append: a %}{% endfor %}`, {}],
    [
      "a text that doubles by capture",
      "{% assign a = 'xx' %}{% for i in (1..100) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
      {},
    ],
    ["a text that grows by replace", `{% assign a = 'xx' %}${DOUBLING}replace: 'x', 'xx' %}{% endfor %}`, {}],
    ["a text that grows by an empty pattern", `{% assign a = 'xx' %}${DOUBLING}replace: '', a %}{% endfor %}`, {}],
    ["a text that grows by join", `{% assign a = 'xx' %}${DOUBLING}split: '' | join: a %}{% endfor %}`, {}],
    ["a list that doubles", `{% assign a = 'x,y' | split: ',' %}${DOUBLING}concat: a %}{% endfor %}`, {}],
    [
      "encoding over and over",
      `{% assign a = t %}${DOUBLING}url_encode | base64_encode | escape %}{% endfor %}`,
      { t: "%&".repeat(1000) },
    ],
    ["output without end", `{% for i in (1..100000) %}${"x".repeat(1000)}{% endfor %}`, {}],
    [
      "a long text searched for a long one",
      "{{ long | split: pattern | size }}",
      { long, pattern: `b${"a".repeat(60_000)}` },
    ],
    [
      "a long text looked into in a loop",
      "{% for i in (1..100000) %}{% if long contains other %}x{% endif %}{% endfor %}",
      { long, other: `${"a".repeat(999)}b` },
    ],
    [
      "long texts compared in a loop",
      "{% for i in (1..100000) %}{% if one == two %}x{% endif %}{% endfor %}",
      { one: long, two: `${"a".repeat(999_999)}a` },
    ],
    [
      "long lists compared in a loop",
      "{% for i in (1..100000) %}{% if one == two %}{% endif %}{% endfor %}",
      { one: numbers, two: [...numbers] },
    ],
    [
      "long lists in case",
      "{% for i in (1..100000) %}{% case one %}{% when two %}{% endcase %}{% endfor %}",
      { one: numbers, two: [...numbers] },
    ],
    ["a long list sorted in a loop", "{% for i in (1..1000) %}{{ numbers | sort | first }}{% endfor %}", { numbers }],
    [
      "a long list of texts sorted",
      "{{ texts | sort_natural | first }}",
      { texts: numbers.map((n) => `${"x".repeat(50)}${-n}`) },
    ],
    [
      "a long list mapped in a loop",
      "{% for i in (1..1000) %}{{ numbers | map: 'a.b.c' | first }}{% endfor %}",
      { numbers },
    ],
    [
      "a long list searched in a loop",
      "{% for i in (1..1000) %}{{ numbers | where: 'a', 1 | find: 'b' | uniq | compact | reverse | sum }}{% endfor %}",
      { numbers },
    ],
    [
      "a big map written in a loop",
      "{% for i in (1..1000) %}{% capture x %}{{ map }}{% endcapture %}{% endfor %}",
      { map: { numbers } },
    ],
    [
      "deep indentation",
      "{{ deep | json: 10 }}",
      { deep: JSON.parse(`${"[".repeat(100)}${"1,".repeat(30_000)}1${"]".repeat(100)}`) },
    ],
    [
      "the keys of a big map counted in a loop",
      "{% for i in (1..100000) %}{{ map.size }}{% endfor %}",
      { map: Object.fromEntries(numbers.map((n) => [`k${n}`, 1])) },
    ],
    ["dates in a loop", "{% for i in (1..100000) %}{{ i | date: '%A %B %a %b' }}{% endfor %}", {}],
    ["a wide date", "{{ 1 | date: '%9999999Y' }}", {}],
    ["a date of many fractions", "{{ 1 | date: '%99999999N' }}", {}],
    ["a long date format", "{{ 1 | date: format }}", { format: `%${"0".repeat(50_000)}\n` }],
    ["a huge slice", "{{ long | slice: 0, 999999999 | size }}{{ long | upcase }}", { long }],
    ["truncation of a long text in a loop", "{% for i in (1..100000) %}{{ long | truncate: 3 }}{% endfor %}", { long }],
  ])("%s", (_name, text, scope) => {
    const { text: written, spent } = run(text, scope);
    expect(written).toBeNull();
    expect(spent).toBeLessThan(MAX_WORK + 1);
  });
});

describe("what is long but linear is done", () => {
  it.each<[string, string, JsonObject, number]>([
    ["tags that never close", "{{ t | strip_html | size }}", { t: "<script".repeat(30_000) }, 210_000],
    ["many opened comments", "{{ t | strip_html | size }}", { t: "<!--".repeat(50_000) }, 200_000],
    ["white space", "{{ t | squish | size }}", { t: `${" ".repeat(200_000)}x` }, 1],
    ["white space at the end", "{{ t | rstrip | size }}", { t: `x${" ".repeat(200_000)}` }, 1],
    ["words", "{{ t | number_of_words }}", { t: " ".repeat(200_000) }, 0],
  ])("%s", (_name, text, scope, expected) => {
    expect(run(text, scope).text).toBe(String(expected));
  });

  it.each([
    ["many opened slots", "{{".repeat(32_000)],
    ["many opened tags", "{%".repeat(32_000)],
    ["deep nesting", "{% if a %}".repeat(6_000)],
    ["deep nesting that closes", `${"{% if true %}".repeat(2_500)}x${"{% endif %}".repeat(2_500)}`],
    ["deep brackets", `{{ a${"[a".repeat(20_000)}${"]".repeat(20_000)} }}`],
    ["many filters", `{{ a ${"| upcase".repeat(8_000)} }}`],
    ["many operators", `{% if a ${"or a ".repeat(10_000)}%}{% endif %}`],
    ["raw that never ends", `{% raw %}${"{% endra".repeat(8_000)}`],
    ["quotes", `{{ ${"'\\".repeat(30_000)} }}`],
  ])("reading %s ends, with or without a template", (_name, text) => {
    const template = parseTemplate(text);
    if (template.ok) expect(typeof renderTemplate(template.value, { a: 1 }).ok).toBe("boolean");
    else expect(template.error).toMatch(/^is not a template that can be read: /);
  });
});

describe("prototypes are out of reach", () => {
  it.each([
    "{{ constructor }}",
    "{{ toString }}",
    "{{ __proto__ }}",
    "{{ hasOwnProperty }}",
    '{{ "".constructor }}',
    "{{ a.constructor }}{{ a.__proto__ }}{{ a['__proto__'] }}{{ a.constructor.constructor }}",
    "{{ list.constructor }}{{ list.map }}{{ list.at }}",
    "{% for i in list %}{{ forloop.constructor }}{{ forloop.__proto__ }}{{ forloop.next }}{{ forloop.valueOf }}{% endfor %}",
    "{{ list | map: '__proto__' }}{{ list | map: 'constructor.name' }}",
    "{{ nil.constructor }}{{ empty.constructor }}{{ 1.constructor }}",
    "{{ a[list] }}{{ a[a] }}",
  ])("%s writes nothing", (text) => {
    expect(run(text, { a: { b: 1 }, list: [{}] }).text).toBe("");
  });

  it("keeps fields that are called like parts of a prototype", () => {
    const scope: JsonObject = JSON.parse('{"constructor":"c","a":{"__proto__":{"x":"p"},"toString":"t","length":3}}');
    expect(run("{{ constructor }}{{ a.__proto__.x }}{{ a.toString }}{{ a.length }}", scope).text).toBe("cpt3");
  });

  it.each(["__proto__", "constructor", "toString"])("assigning %s changes nothing outside", (name) => {
    run(`{% assign ${name} = "bad" %}{% capture ${name} %}bad{% endcapture %}{% for ${name} in (1..2) %}{% endfor %}`);
    expect(run("{{ x.bad }}{{ bad }}").text).toBe("");
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("does not call what a payload puts in place of a method", () => {
    const hostile: JsonObject = {
      toString: "x",
      valueOf: 1,
      toJSON: "y",
      toLiquid: 1,
      next: 1,
      throw: 1,
      return: 1,
    };
    const text =
      "{{ h }}{{ h | append: h | upcase | size }}{{ h | plus: 1 }}{{ l | join: h }}{{ l | sort: 'h' | json }}";
    expect(run(text, { h: hostile, l: [{ h: hostile }, { h: hostile }] }).text).toContain('"toString":"x"');
    expect(run("{% if h > 1 %}x{% endif %}", { h: hostile }).text).not.toBe("x");
  });
});

it("shares the work of several renderings", () => {
  const template = parseTemplate("{% for i in (1..1000) %}x{% endfor %}");
  if (!template.ok) throw new Error(template.error);
  const budget = new Budget("template work", 60_000);
  const results = Array.from({ length: 5 }, () => renderTemplate(template.value, {}, budget).ok);
  expect(results.slice(0, 1)).toEqual([true]);
  expect(results.slice(-1)).toEqual([false]);
  expect(budget.isExceeded).toBe(true);
});

it("stays within 256 KB of output", () => {
  expect(run("{{ t }}", { t: "x".repeat(262_144) }).text).toHaveLength(262_144);
  expect(run("{{ t }}", { t: "x".repeat(262_145) }).text).toBeNull();
});
