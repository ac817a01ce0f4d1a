/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from "vitest";
import index from "../../docs/sources/README.md?raw";
import { INTEGRATION_TYPES, SOURCES, sourceOf } from "../../src/sources/registry.ts";
import { sourceFixture } from "../support/source-fixtures.ts";

const PAGES = import.meta.glob<string>("../../docs/sources/*.md", { query: "?raw", import: "default", eager: true });

describe.each(INTEGRATION_TYPES)("the source %s", (type) => {
  it("accepts one of the options of its fixture at least", () => {
    const { options } = sourceFixture(type);
    expect(options.some((given) => SOURCES[type].options.safeParse(given).success)).toBe(true);
  });

  it("has a page that is linked from the index", () => {
    expect(PAGES[`../../docs/sources/${type}.md`]).toContain(`"${type}"`);
    expect(index).toContain(`[\`${type}\`](${type}.md)`);
  });
});

it("a type that this version does not have is a fault of the gateway", () => {
  expect(() => sourceOf("carrier-pigeon")).toThrow("no integrations of the type carrier-pigeon");
});
