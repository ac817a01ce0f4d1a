/// <reference types="vite/types/importMeta.d.ts" />
import type { Urgency } from "../../../../src/model/alert.ts";

/** The expected outcome of an event. `links` is its number of links. */
export type Expected =
  | {
      readonly action: "create";
      readonly key: string;
      readonly title: string;
      readonly urgency: Urgency | null;
      readonly tags: readonly string[];
      readonly links: number;
    }
  | { readonly action: "acknowledge" | "resolve"; readonly key: string }
  | { readonly action: "ignore" | "receive" | "test" };

type ExpectedByFixture = Readonly<Record<string, readonly Expected[]>>;

const FILES = import.meta.glob<ExpectedByFixture>("../../../fixtures/rule-sets/*/expected.json", {
  import: "default",
  eager: true,
});

/** The expected events of each fixture, by rule set and file. */
export const EXPECTED: Readonly<Record<string, ExpectedByFixture>> = Object.fromEntries(
  Object.entries(FILES).map(([path, expected]) => [path.split("/").at(-2) ?? "", expected]),
);
