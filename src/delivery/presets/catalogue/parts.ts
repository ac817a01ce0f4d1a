import type { PresetAddress, PresetAuth } from "../preset.ts";
import type { OptionData } from "../data/preset-data.ts";

// What the presets of the catalogue have in common.

const ANY_PATH = String.raw`(?::\d{1,5})?(?:[/?].*)?$`;

/** Addresses on one of these hosts. `*` stands for one label of a name. */
export function onHost(hosts: readonly string[], example: string): PresetAddress {
  const names = hosts.map((host) => host.replaceAll(".", String.raw`\.`).replaceAll("*", "[a-z0-9-]+"));
  const must_be = `an address on ${hosts.join(" or ")}, such as ${example}`;
  return { example, matches: new RegExp(`^https://(?:${names.join("|")})${ANY_PATH}`, "i"), must_be };
}

/** Addresses of a product that people install themselves. */
export function onOwnHost(example: string): PresetAddress {
  return { example, matches: /^https:\/\/[^/?#]+/i, must_be: `an address such as ${example}` };
}

type Marks = Pick<OptionData, "is_required" | "is_secret">;
export const REQUIRED = { is_required: true } as const satisfies Marks;
export const SECRET = { is_required: true, is_secret: true } as const satisfies Marks;

/** An option that is a key or a token. */
export function tokenOption(hint: string, example: string, marks: Marks = SECRET): OptionData {
  return { must_be: "a key or token without spaces", matches: /^[\x21-\x7e]{4,2000}$/, hint, example, ...marks };
}

/** An option that identifies something, such as a project. */
export function idOption(hint: string, example: string, marks: Marks = REQUIRED): OptionData {
  const must_be = "an id: letters, digits and . _ : - without spaces";
  return { must_be, matches: /^[\w.:-]{1,200}$/, hint, example, ...marks };
}

/** An option that is a name of one line. */
export function nameOption(hint: string, example: string, marks: Marks = REQUIRED): OptionData {
  return {
    must_be: "one line of at most 200 characters",
    matches: /^[^\p{Cc}\p{Cs}]{1,200}$/u,
    hint,
    example,
    ...marks,
  };
}

const MAIL = String.raw`[^\s@,<>"]{1,64}@[\w.-]{1,250}`;

export function mailOption(hint: string, example: string): OptionData {
  return { must_be: "an email address", matches: new RegExp(`^${MAIL}$`), hint, example, ...REQUIRED };
}

/** An option with at most ten email addresses. */
export function mailsOption(hint: string, example: string): OptionData {
  const matches = new RegExp(`^${MAIL}(?:\\s*,\\s*${MAIL}){0,9}$`);
  return { must_be: "email addresses with commas between them, at most 10", matches, hint, example, ...REQUIRED };
}

export function phoneOption(hint: string, example: string): OptionData {
  const must_be = "a phone number with its country, such as +15551234567";
  return { must_be, matches: /^\+?[1-9]\d{5,14}$/, hint, example, ...REQUIRED };
}

const OAUTH = ["oauth2_client_credentials", "oauth2_authorization_code"] as const;

export function bearer(hint: string): PresetAuth {
  return { types: ["bearer", ...OAUTH], hint };
}

export function basic(hint: string): PresetAuth {
  return { types: ["basic"], hint };
}

export function basicOrBearer(hint: string): PresetAuth {
  return { types: ["basic", "bearer", ...OAUTH], hint };
}

export function oauth(hint: string): PresetAuth {
  return { types: [...OAUTH], hint };
}
