import { parseDocument, visit } from "yaml";
import type { ConfigRequest } from "../../client/index.ts";
import { isJsonObject } from "../../model/json.ts";
import { writeJson } from "../../model/portable-json.ts";
import { parseYaml } from "../../model/portable-yaml.ts";

type Entries = NonNullable<ConfigRequest["routes"]>;

const MAX_ALIASES = 100;

function isDocument(value: unknown): value is ConfigRequest {
  return isJsonObject(value);
}

/** Reads a document in YAML or JSON. The gateway checks its fields. Throws an Error that says why it cannot be read. */
export function readDocument(text: string): ConfigRequest {
  const value = parseYaml({ parseDocument, visit }, text, MAX_ALIASES);
  if (!isDocument(value)) throw new Error("The document must be a map with a version, such as version: 1.");
  return value;
}

function collect(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) for (const each of value) collect(each, names);
  if (!isJsonObject(value)) return;
  const reference = value["env"];
  if (typeof reference === "string" && Object.keys(value).length === 1) names.add(reference);
  else for (const each of Object.values(value)) collect(each, names);
}

/** Returns the names of the secrets that a document refers to, such as `{"env": "CHAT_TOKEN"}`. */
export function secretNames({ integrations, destinations }: ConfigRequest): readonly string[] {
  const names = new Set<string>();
  collect(integrations, names);
  collect(destinations, names);
  return [...names].toSorted();
}

/** Returns the values of the secrets that were entered; the gateway keeps or makes the others. */
export function enteredSecrets(
  names: readonly string[],
  values: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = values.get(name) ?? "";
      return value === "" ? [] : [[name, value]];
    }),
  );
}

const LISTS = {
  integration: "integrations",
  destination: "destinations",
  route: "routes",
  transformation: "transformations",
} as const;

/** A field of an entry as text; null if the entry or the field is not there. */
export function fieldText(
  document: Pick<ConfigRequest, "integrations" | "destinations" | "routes" | "transformations">,
  kind: keyof typeof LISTS,
  name: string,
  field: string,
): string | null {
  const entries: Entries = document[LISTS[kind]] ?? {};
  const entry: unknown = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (!isJsonObject(entry) || !Object.hasOwn(entry, field)) return null;
  const value = entry[field];
  return typeof value === "string" ? value : writeJson(value);
}
