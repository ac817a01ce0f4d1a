/// <reference types="vite/types/importMeta.d.ts" />
import type { Urgency } from "../../../../src/model/alert.ts";

/** What an event of a fixture comes to; `links` is how many links it has. */
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
  | { readonly action: "ignore" };

type ExpectedByFixture = Readonly<Record<string, readonly Expected[]>>;

const FILES = import.meta.glob<ExpectedByFixture>("../../../fixtures/rule-sets/*/expected.json", {
  import: "default",
  eager: true,
});

/** What each fixture comes to, by rule set and file. */
export const EXPECTED: Readonly<Record<string, ExpectedByFixture>> = Object.fromEntries(
  Object.entries(FILES).map(([path, expected]) => [path.split("/").at(-2) ?? "", expected]),
);
