import { describe, expect, it } from "vitest";
import { completionsFor } from "../../src/dashboard/transformations/completions.ts";
import { diffLines } from "../../src/dashboard/transformations/line-diff.ts";
import { CODE_TEMPLATES, templateNamed } from "../../src/dashboard/transformations/templates.ts";

function shortly(before: string, after: string): string {
  return diffLines(before, after)
    .map(({ mark, text }) => mark + text)
    .join("|");
}

describe("a comparison of versions", () => {
  it("marks the lines that were added and removed", () => {
    expect(shortly("a\nb\nc\n", "a\nc\nd\n")).toBe(" a|-b| c|+d");
    expect(shortly("a\n", "a\n")).toBe(" a");
    expect(shortly("", "a\nb")).toBe("-|+a|+b");
    expect(shortly("a\nb\na", "a\na")).toBe(" a|-b| a");
  });

  it("gives both texts back", () => {
    const [before, after] = ["x\ny\nz\nz\nw", "y\nz\nq\nw\nw"];
    const lines = diffLines(before, after);
    const without = (mark: string) => lines.filter((line) => line.mark !== mark).map(({ text }) => text);
    expect(without("+").join("\n")).toBe(before);
    expect(without("-").join("\n")).toBe(after);
  });

  it("of long texts that share nothing replaces everything", () => {
    const lines = (letter: string) => Array.from({ length: 2_000 }, (_, index) => `${letter}${index}`).join("\n");
    const compared = diffLines(lines("a"), lines("b"));
    expect(compared.filter(({ mark }) => mark === "-")).toHaveLength(2_000);
    expect(compared.filter(({ mark }) => mark === "+")).toHaveLength(2_000);
  });
});

describe("the completion of code", () => {
  const input = { id: "evt_1", payload: { order: 17, items: [{ sku: "a", "two words": 1 }], user: { name: "Ann" } } };
  const labels = (code: string, path: string, known = true) =>
    completionsFor(code, path, known ? input : undefined, "integration").map(({ label }) => label);

  it("knows the fields of the event by the name of the parameter", () => {
    for (const code of [
      "export default function (item, now) {",
      "export default async function main(item) {",
      "export default (item) => item;",
      "export default async (item) => item;",
    ]) {
      expect(labels(code, "item.payload.")).toEqual(["order", "items", "user"]);
      expect(labels(code, "item.payload.user.na")).toEqual(["name"]);
    }
    expect(labels("export default (item) => item;", "other.")).toEqual([]);
  });

  it("knows the items of a list, and leaves out what is no name", () => {
    expect(labels("export default (e) => e;", "e.payload.items.")).toEqual(["sku"]);
  });

  it("shows what a field holds", () => {
    expect(completionsFor("", "event.payload.", input, "integration")[0]).toEqual({ label: "order", detail: "17" });
  });

  it("knows the context, and what an event usually has", () => {
    expect(labels("export default (event, context) => 1;", "context.")).toEqual(["now"]);
    expect(labels("", "event.", false)).toContain("headers");
    expect(completionsFor("", "event.data.event.", undefined, "destination").map(({ label }) => label)).toContain(
      "kind",
    );
  });
});

describe("the templates", () => {
  it("have names of their own, and one is always found", () => {
    expect(new Set(CODE_TEMPLATES.map(({ name }) => name)).size).toBe(CODE_TEMPLATES.length);
    expect(templateNamed("redact").title).toBe("Redact a field");
    expect(templateNamed("nothing").name).toBe("empty");
  });
});
