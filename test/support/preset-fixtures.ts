/// <reference types="vite/types/importMeta.d.ts" />
import type { DestinationCreation } from "../../src/client/index.ts";
import type { Preset } from "../../src/delivery/presets/preset.ts";
import { PRESETS, type PresetName } from "../../src/delivery/presets/registry.ts";
import type { DestinationAuth } from "../../src/model/destination.ts";

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

const CLIENT = { token_url: "https://login.example.com/token", client_id: "c", client_secret: "s" } as const;
const AUTHS = {
  none: { type: "none" },
  basic: { type: "basic", username: "user", password: "pass" },
  bearer: { type: "bearer", token: "abc.def" },
  aws_sigv4: { type: "aws_sigv4", access_key_id: "AKIDEXAMPLE", secret_access_key: "secret" },
  oauth2_client_credentials: { type: "oauth2_client_credentials", ...CLIENT },
  oauth2_authorization_code: { type: "oauth2_authorization_code", ...CLIENT, auth_url: "https://login.example.com/" },
} as const satisfies Record<DestinationAuth["type"], DestinationCreation["auth"]>;

/** Returns an `auth` that a preset accepts. */
export function authFor(preset: PresetName) {
  const { auth }: Preset = PRESETS[preset];
  return AUTHS[auth?.types[0] ?? "none"];
}
