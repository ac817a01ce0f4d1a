/// <reference types="vite/types/importMeta.d.ts" />
import { INTEGRATION_TYPES, type IntegrationType } from "../../src/sources/registry.ts";
import type { SourceFixture, SourceRequestFixture } from "./source-fixture.ts";

const FILES = import.meta.glob<SourceFixture>("../fixtures/sources/*.ts", { import: "fixture", eager: true });

/** Returns the fixture of a type in test/fixtures/sources. */
export function sourceFixture(type: IntegrationType): SourceFixture {
  const fixture = FILES[`../fixtures/sources/${type}.ts`];
  if (fixture === undefined) throw new Error(`test/fixtures/sources/${type}.ts is missing`);
  return fixture;
}

/** The requests of all types. */
export const FIXTURES: readonly (SourceRequestFixture & { readonly type: IntegrationType })[] =
  INTEGRATION_TYPES.flatMap((type) => sourceFixture(type).requests.map((request) => ({ type, ...request })));
