import { Context, ForTag, IfTag, Tokenizer, TypeGuards, defaultOptions, filters } from "liquidjs";
import { describe, expect, it, vi } from "vitest";
import { Budget } from "../../src/model/budget.ts";
import { BoundedContext } from "../../src/templates/context.ts";
import { createEngine, parseNodes, renderNodesNow } from "../../src/templates/engine.ts";
import { parseTemplate, renderTemplate } from "../../src/templates/liquid.ts";
import { createMeter } from "../../src/templates/meter.ts";

// src/templates overrides and calls parts of LiquidJS that are not its documented interface. If an upgrade renames one, its
// limits would no longer hold while most templates still worked. These tests fail then: look at src/templates before you adapt them.

const engine = createEngine(1_000);

function render(text: string, scope: Record<string, unknown> = {}): { readonly text: unknown; readonly spent: number } {
  const budget = new Budget("template work", 1_000_000);
  const context = new BoundedContext(JSON.parse(JSON.stringify(scope)), engine, createMeter(budget));
  return { text: renderNodesNow(parseNodes(engine, text), context), spent: 1_000_000 - budget.remaining };
}

describe("LiquidJS still", () => {
  it("reads every path by Context._getFromScope and every property by Context.readProperty", () => {
    const scopes = vi.spyOn(BoundedContext.prototype, "_getFromScope");
    const properties = vi.spyOn(BoundedContext.prototype, "readProperty");
    expect(render("{{ a.b.c }}", { a: { b: { c: "x" } } }).text).toBe("x");
    expect(scopes).toHaveBeenCalled();
    expect(properties.mock.calls.map(([, key]) => key)).toEqual(expect.arrayContaining(["b", "c"]));
    vi.restoreAllMocks();
  });

  it("has Context._getFromScope and Context.readProperty to override", () => {
    for (const name of ["_getFromScope", "readProperty"] as const) {
      expect(typeof Object.getOwnPropertyDescriptor(Context.prototype, name)?.value).toBe("function");
    }
  });

  it("asks memoryLimit.use before it allocates and renderLimit.check before each node", () => {
    const context = new Context({}, defaultOptions);
    expect(typeof context.memoryLimit.use).toBe("function");
    expect(typeof context.renderLimit.check).toBe("function");
    const list = Array.from({ length: 500 }, () => 1);
    expect(render("{% for i in l %}{% endfor %}", { l: list }).spent).toBeGreaterThan(500);
    expect(render("x".repeat(10)).spent).toBeLessThan(render("{{ 1 }}".repeat(10)).spent);
  });

  it("knows of a break and a continue by breakCalled and continueCalled", () => {
    const context = new Context({}, defaultOptions);
    expect([context.breakCalled, context.continueCalled]).toEqual([false, false]);
    expect(render("{% for i in (1..5) %}{{ i }}{% if i == 2 %}{% break %}{% endif %}{% endfor %}").text).toBe("12");
  });

  it("renders the content of blocks by liquid.renderer.renderTemplates", () => {
    const parts = vi.spyOn(engine.renderer, "renderTemplates");
    expect(render("{% if true %}{% for i in (1..2) %}x{% endfor %}{% endif %}").text).toBe("xx");
    expect(parts).toHaveBeenCalledTimes(3);
    vi.restoreAllMocks();
    expect([IfTag, ForTag].every((tag) => typeof tag === "function")).toBe(true);
  });

  it("reads ranges by Tokenizer.readGroupOrRange, with a number token on each side", () => {
    const token = new Tokenizer("(1..3)").readGroupOrRange();
    if (token === undefined || !TypeGuards.isRangeToken(token)) throw new Error("no range token");
    expect([token.lhs, token.rhs].map((side) => TypeGuards.isNumberToken(side) && side.content)).toEqual([1, 3]);
    expect(parseTemplate("{% for i in (1..n) %}{% endfor %}").ok).toBe(false);
  });

  it("has every filter that is called by its name", () => {
    // The engine looks them up when it is made; an unknown name would be an error there.
    expect(Object.keys(engine.filters).length).toBeGreaterThan(60);
    expect(Object.keys(engine.filters).filter((name) => engine.filters[name] === undefined)).toEqual([]);
    expect(filters["default"]).toBeDefined();
  });

  it("gives loops the fields that templates may read, and no others", () => {
    const fields = ["index", "index0", "rindex", "rindex0", "first", "last", "length"];
    const text = fields.map((name) => `{{ forloop.${name} }}`).join(" ");
    expect(render(`{% for i in (1..2) %}${text};{% endfor %}`).text).toBe("1 0 2 1 true false 2;2 1 1 0 false true 2;");
    const parsed = parseTemplate("{% for i in (1..2) %}[{{ forloop.name }}{{ forloop.next }}]{% endfor %}");
    if (!parsed.ok) throw new Error(parsed.error);
    expect(renderTemplate(parsed.value, {})).toEqual({ ok: true, value: "[][]" });
  });
});
