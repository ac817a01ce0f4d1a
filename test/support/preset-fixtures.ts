/// <reference types="vite/types/importMeta.d.ts" />

/** The requests of a preset with these options to `url`, by the type of the message. */
export type PresetFixture = {
  readonly url: string;
  readonly options: Readonly<Record<string, string>>;
  readonly requests: { readonly "alert.created": object; readonly "alert.resolved": object };
};

const FILES = import.meta.glob<PresetFixture>("../fixtures/presets/*.json", { import: "default", eager: true });

/** Returns the fixture of a preset in test/fixtures/presets. */
export function presetFixture(preset: string): PresetFixture {
  const fixture = FILES[`../fixtures/presets/${preset}.json`];
  if (fixture === undefined) throw new Error(`test/fixtures/presets/${preset}.json is missing`);
  return fixture;
}
