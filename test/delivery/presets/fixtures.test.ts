/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from "vitest";
import index from "../../../docs/payloads.md?raw";
import { PRESETS, PRESET_NAMES } from "../../../src/delivery/presets/registry.ts";
import { presetFixture } from "../../support/preset-fixtures.ts";
import { ALERT, eventOf, sentBy } from "./events.ts";

const PAGES = import.meta.glob<string>("../../../docs/presets/*.md", { query: "?raw", import: "default", eager: true });
const pageOf = (preset: string): string => PAGES[`../../../docs/presets/${preset}.md`] ?? "";

const EVENTS = {
  "alert.created": eventOf("alert.created"),
  "alert.resolved": eventOf("alert.resolved", { ...ALERT, status: "resolved" }),
} as const;

describe.each(PRESET_NAMES)("the preset %s", (preset) => {
  const { url, options, requests } = presetFixture(preset);

  it.each(["alert.created", "alert.resolved"] as const)("sends %s as its fixture shows", async (type) => {
    const sent = await sentBy(preset, EVENTS[type], options, url);
    const { text, ...request } = "skipped" in sent ? { ...sent, text: "" } : sent;
    expect(request).toEqual(requests[type]);
    if ("body" in request && typeof request.body === "object") expect(JSON.parse(text)).toEqual(request.body);
  });

  it("accepts the options of its fixture, which name every one", () => {
    const known = Object.entries(PRESETS[preset].options);
    expect(Object.keys(options).toSorted()).toEqual(known.map(([name]) => name).toSorted());
    for (const [name, { schema }] of known) expect(schema().safeParse(options[name]).error).toBeUndefined();
  });

  it("has a page that is linked from the index and describes every option", () => {
    expect(index).toContain(`[\`${preset}\`](presets/${preset}.md)`);
    const rows = pageOf(preset).split("\n");
    expect(rows[0]).toContain(`"${preset}"`);
    for (const [name, { required, secret }] of Object.entries(PRESETS[preset].options)) {
      const row = rows.find((line) => line.startsWith(`| \`${name}\` |`)) ?? "";
      expect(row).not.toBe("");
      expect(row.includes("required")).toBe(required);
      expect(row.includes("secret")).toBe(secret);
    }
  });
});

it("every page is that of a preset", () => {
  const names = Object.keys(PAGES).map((path) => path.replace(/^.*\/(.*)\.md$/, "$1"));
  expect(names.toSorted()).toEqual([...PRESET_NAMES].toSorted());
});
