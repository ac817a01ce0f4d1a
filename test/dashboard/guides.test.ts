import { describe, expect, it } from "vitest";
import { fillIn, readGuide } from "../../src/dashboard/integrations/guide/guide.ts";
import { type Block, readBlocks, readInline } from "../../src/dashboard/integrations/guide/markdown.ts";
import { INTEGRATION_TYPES } from "../../src/sources/registry.ts";
import { RULE_SETS } from "../../src/sources/rules/sets/index.ts";

const PAGES = import.meta.glob<string>("../../docs/sources/*.md", { query: "?raw", import: "default", eager: true });
const URL = "https://gateway.example/integration/int_1";

function textsOf(block: Block): string {
  return JSON.stringify(block);
}

describe("the guide of each type and rule set", () => {
  const names = [...INTEGRATION_TYPES.filter((type) => type !== "rules"), ...RULE_SETS.keys()];

  it.each(names)("%s has steps without what the dashboard did already", (name) => {
    const guide = readGuide(PAGES[`../../docs/sources/${name}.md`] ?? "");
    const texts = (guide?.steps ?? []).map(textsOf);
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.join("\n")).not.toMatch(/\/api\/v1|of the answer|\*\*|\]\(|```/u);
    expect(texts.join("\n")).toMatch(/url|https:\/\/…/u);
  });

  it("names the recommended authentication", () => {
    const authOf = (name: string) => readGuide(PAGES[`../../docs/sources/${name}.md`] ?? "")?.auth;
    expect(authOf("grafana")).toEqual({ type: "bearer", username: null });
    expect(authOf("kapacitor")).toEqual({ type: "basic", username: "hookgate" });
    expect(authOf("sentry")).toBeNull();
    expect(authOf("catch")).toBeNull();
  });
});

describe("a page without the section", () => {
  it("has no guide", () => {
    expect(readGuide("# Rules\n\n## Options\n\nNone.\n")).toBeNull();
  });
});

describe("Markdown", () => {
  it("has paragraphs, code, lists and tables", () => {
    const source = [
      "One line",
      "and its rest.",
      "",
      "1. First",
      "   goes on",
      "2. Second",
      "",
      "```json",
      '{ "a": "**b**" }',
      "",
      "```",
      "| name | value |",
      "| --- | --- |",
      String.raw`| ${"`a\\|b`"} | c |`,
      "- an item",
    ].join("\n");
    expect(readBlocks(source)).toEqual([
      { kind: "paragraph", content: [{ kind: "text", text: "One line and its rest." }] },
      {
        kind: "list",
        isOrdered: true,
        items: [[{ kind: "text", text: "First goes on" }], [{ kind: "text", text: "Second" }]],
      },
      { kind: "code", language: "json", text: '{ "a": "**b**" }\n' },
      {
        kind: "table",
        head: [[{ kind: "text", text: "name" }], [{ kind: "text", text: "value" }]],
        rows: [[[{ kind: "code", text: "a|b" }], [{ kind: "text", text: "c" }]]],
      },
      { kind: "list", isOrdered: false, items: [[{ kind: "text", text: "an item" }]] },
    ]);
  });

  it("has marks inside of each other, and code as it is written", () => {
    expect(readInline("see **the `*x*`** or [docs](https://x.example/)")).toEqual([
      { kind: "text", text: "see " },
      {
        kind: "strong",
        content: [
          { kind: "text", text: "the " },
          { kind: "code", text: "*x*" },
        ],
      },
      { kind: "text", text: " or " },
      { kind: "link", href: "https://x.example/", content: [{ kind: "text", text: "docs" }] },
    ]);
  });

  it("is text where it looks like HTML", () => {
    expect(readBlocks("<script>alert(1)</script>")).toEqual([
      { kind: "paragraph", content: [{ kind: "text", text: "<script>alert(1)</script>" }] },
    ]);
  });
});

describe("what a page leaves open", () => {
  it("is the address, and the token if it is known", () => {
    const text = "https://…/integration/int_… <auth.token> https://ann:…@<host>/integration/int_…";
    expect(fillIn(text, { url: URL, token: "tok_1" })).toBe(
      `${URL} tok_1 https://ann:…@gateway.example/integration/int_1`,
    );
    expect(fillIn(text, { url: URL, token: null })).toContain("<auth.token>");
  });
});
