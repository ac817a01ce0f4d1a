import { describe, expect, test } from "vitest";
import dashboard from "../../docs/grafana/hookgate.json" with { type: "json" };
import { textOf } from "./pages.ts";

// Every expression of the dashboard uses metrics and labels that the gateway has.

const KEYWORDS = ["by", "sum", "min", "max", "rate", "increase", "label_values"];

const metrics = new Map(
  [...textOf("docs/metrics.md").matchAll(/^\| `(hookgate_\w+)` \|([^|]*)\|/gm)].map(([, name = "", labels = ""]) => [
    name,
    labels.match(/\w+/g) ?? [],
  ]),
);

/** Metrics and labels of an expression that do not exist. */
function faultsOf(expression: string): string[] {
  const names = expression.match(/\bhookgate_\w+/g) ?? [];
  const labels = new Set(names.flatMap((name) => [...(metrics.get(name) ?? [])]));
  const words = expression.replaceAll(/"[^"]*"|\[[^\]]*\]/g, "").match(/[a-z_]\w*/gi) ?? [];
  const unknown = words.filter((word) => !labels.has(word) && !metrics.has(word) && !KEYWORDS.includes(word));
  return names.length === 0 ? [`no metric in ${expression}`] : unknown;
}

const expressions = [
  ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...dashboard.templating.list.flatMap((variable) => ("definition" in variable ? [variable.definition] : [])),
];

describe("docs/grafana/hookgate.json", () => {
  test.each(expressions)("uses only what exists: %s", (expression) => {
    expect(faultsOf(expression)).toEqual([]);
  });

  test("shows every metric, in panels that do not overlap", () => {
    const shown = new Set(expressions.flatMap((expression) => expression.match(/\bhookgate_\w+/g) ?? []));
    expect([...shown].toSorted()).toEqual([...metrics.keys()].toSorted());
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  test("asks the data source and the variables that it declares", () => {
    const declared = dashboard.templating.list.map(({ name }) => name);
    const used = JSON.stringify(dashboard).match(/\$\{?(?!__)[a-z]+/g) ?? [];
    expect([...new Set(used.map((name) => name.replace(/^\$\{?/, "")))].toSorted()).toEqual(declared.toSorted());
  });

  test.each([
    ["rate(hookgate_event_total[5m])", ["hookgate_event_total"]],
    ["sum by (route) (hookgate_pending)", ["route"]],
    ['hookgate_deliveries_total{integration="a"}', ["integration"]],
    ["up", ["no metric in up"]],
  ])("would not use %s", (expression, faults) => {
    expect(faultsOf(expression)).toEqual(faults);
  });
});

test("docs/metrics.md alerts by what exists", () => {
  const alerts = [...textOf("docs/metrics.md").matchAll(/^ +expr: (.+)$/gm)].map(([, expression = ""]) => expression);
  expect(alerts).toHaveLength(3);
  expect(alerts.flatMap(faultsOf).filter((word) => word !== "or")).toEqual([]);
});
