/// <reference types="vite/types/importMeta.d.ts" />
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import index from "../../../docs/destinations.md?raw";
import { DESTINATION_TYPES, PROVIDERS } from "../../../src/delivery/providers/registry.ts";
import { asPrimary } from "../../../src/platform/shards.ts";
import { findDestination } from "../../../src/storage/destinations/destinations.ts";
import { tables } from "../../support/tables.ts";
import { eventWith, sendTo } from "./stand.ts";

type ProviderFixture = {
  readonly options: Readonly<Record<string, string>>;
  readonly refused: readonly { readonly because_of: string; readonly options: object }[];
};

const FIXTURES = import.meta.glob<ProviderFixture>("../../fixtures/providers/*.json", {
  import: "default",
  eager: true,
});
const PAGES = import.meta.glob<string>("../../../docs/destinations/*.md", {
  query: "?raw",
  import: "default",
  eager: true,
});

describe.each(DESTINATION_TYPES)("the provider %s", (type) => {
  const fixture = FIXTURES[`../../fixtures/providers/${type}.json`] ?? { options: {}, refused: [] };

  it("accepts the options of its fixture and keeps them as they are", () => {
    expect(PROVIDERS[type].options.parse(fixture.options)).toEqual(fixture.options);
  });

  it.each(fixture.refused)("refuses $because_of", ({ options }) => {
    expect(PROVIDERS[type].options.safeParse(options).success).toBe(false);
  });

  it("has a page that is linked from the index and describes every option", () => {
    const page = PAGES[`../../../docs/destinations/${type}.md`] ?? "";
    expect(index).toContain(`[\`${type}\`](destinations/${type}.md)`);
    expect(page).toContain(`"${type}"`);
    for (const option of Object.keys(fixture.options)) expect(page).toContain(`| \`${option}\` |`);
  });
});

it("every page and every fixture is that of a provider", () => {
  const namesOf = (paths: object): string[] => Object.keys(paths).map((path) => path.replace(/^.*\/(.*)\.\w+$/, "$1"));
  expect(namesOf(PAGES).toSorted()).toEqual([...DESTINATION_TYPES].toSorted());
  expect(namesOf(FIXTURES).toSorted()).toEqual([...DESTINATION_TYPES].toSorted());
});

it("a type that this version does not have is a failed attempt that says so", async () => {
  expect(await sendTo({ type: "pigeon" }, eventWith({}))).toMatchObject({
    outcome: { kind: "refused" },
    error: "This version of the gateway has no destinations of the type pigeon.",
  });
});

it("options of a row that repeats the type, as earlier versions wrote it, are read without it", async () => {
  await tables.destinations.insert({ id: "dst_1", url: "", signing_secrets: [], options: { type: "webhook" } });
  const stored = await findDestination(asPrimary(env.DB), "dst_1");
  expect(stored).toMatchObject({ type: "webhook", options: {} });
  expect(stored?.options).not.toHaveProperty("type");
});

it("options that are not those of the type are a failed attempt that says so", async () => {
  expect(await sendTo({ type: "queue", options: { queue: "FORWARD" } }, eventWith({}))).toMatchObject({
    outcome: { kind: "refused" },
    error: "The destination's options are not those of its type.",
  });
});
