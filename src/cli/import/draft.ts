import type { JsonObject } from "../../client/index.ts";
import { CommandError } from "../failure.ts";

const MAX_ENTRIES = 1_000;
const MAX_KEY = 100;
const MAX_NAME = 200;
const MAX_VARIABLE = 180;
const SECTIONS = ["integrations", "destinations", "routes"] as const;
type Section = (typeof SECTIONS)[number];

/** A reference to a secret, as a configuration has it. */
export type SecretReference = { readonly env: string };

/** A name as the gateway accepts it: on one line, and not too long. */
export function nameFrom(...texts: readonly (string | undefined)[]): string {
  const found = texts.map((text) => (text ?? "").replaceAll(/\p{Cc}+/gu, " ").trim()).find((text) => text !== "");
  return (found ?? "Imported").toWellFormed().slice(0, MAX_NAME).trim();
}

/** A key that can be the `external_id` of a thing. */
function keyFrom(text: string): string {
  const written = text.replaceAll(/[^\w.-]+/g, "-").replaceAll(/^[^0-9A-Za-z]+|-+$/g, "");
  const key = written === "" ? "imported" : written.slice(0, MAX_KEY - 4);
  // The gateway takes no `external_id` that begins like one of its ids.
  return /^(?:int|evt|alr|rte|dst|dlv|tok|rpl|trf|grp|aud|ses|iso)_/.test(key) ? `x-${key}` : key;
}

function unique(wanted: string, isTaken: (text: string) => boolean, separator: string): string {
  let text = wanted;
  for (let count = 2; isTaken(text); count++) text = `${wanted}${separator}${count}`;
  return text;
}

/** The configuration document that an import makes, and the secrets that belong to it. */
export class Draft {
  readonly #entries = {
    integrations: new Map<string, JsonObject>(),
    destinations: new Map<string, JsonObject>(),
    routes: new Map<string, JsonObject>(),
  } as const satisfies Record<Section, Map<string, JsonObject>>;
  readonly #secrets = new Map<string, string | null>();

  /** Reserves a key for an entry. Two things never share one. */
  key(section: Section, wanted: string): string {
    const entries = this.#entries[section];
    const key = unique(keyFrom(wanted), (text) => entries.has(text), "-");
    entries.set(key, {});
    return key;
  }

  set(section: Section, key: string, entry: JsonObject): void {
    this.#entries[section].set(key, entry);
  }

  keys(section: Section): readonly string[] {
    return [...this.#entries[section].keys()];
  }

  /** Refers to a secret. `value` is undefined if the vendor's API did not return it. */
  secret(kind: "integration" | "destination", key: string, field: string, value: string | undefined): SecretReference {
    const written = `${kind}_${key}_${field}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
    const env = unique(written.slice(0, MAX_VARIABLE), (text) => this.#secrets.has(text), "_");
    this.#secrets.set(env, value ?? null);
    return { env };
  }

  /** A secret that several entries share. */
  sharedSecret(env: string): SecretReference {
    this.#secrets.set(env, null);
    return { env };
  }

  /** The secrets whose values are known. */
  secrets(): ReadonlyMap<string, string> {
    return new Map([...this.#secrets].flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])));
  }

  /** The names of secrets whose values are not known. */
  missing(): readonly string[] {
    return [...this.#secrets].flatMap(([name, value]) => (value === null ? [name] : []));
  }

  document(): JsonObject {
    for (const section of SECTIONS) {
      if (this.#entries[section].size <= MAX_ENTRIES) continue;
      throw new CommandError(
        `The import has ${this.#entries[section].size} ${section}. A configuration has at most ${MAX_ENTRIES}.`,
        "Import a part of them at a time.",
      );
    }
    const { integrations, destinations, routes } = this.#entries;
    return {
      version: 1,
      integrations: Object.fromEntries(integrations),
      destinations: Object.fromEntries(destinations),
      routes: Object.fromEntries(routes),
    };
  }
}
