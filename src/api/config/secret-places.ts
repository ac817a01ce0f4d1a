import { type Json, type JsonObject, isJsonObject, memberOf } from "../../model/json.ts";

// Where an entry of a document may have a secret, and how a secret is referenced: `{"env": "NAME"}`.

export type SecretKind = "integration" | "destination";

/** A place in an entry. `field` is its part of the secret's name. */
export type Place = { readonly path: readonly string[]; readonly field: string };

const OF_INTEGRATION: readonly Place[] = [
  { path: ["auth", "token"], field: "token" },
  { path: ["auth", "password"], field: "password" },
  { path: ["auth", "secret"], field: "secret" },
  { path: ["auth", "verify_token"], field: "verify_token" },
];
const OF_DESTINATION: readonly Place[] = [
  { path: ["auth", "password"], field: "password" },
  { path: ["auth", "token"], field: "token" },
  { path: ["auth", "client_secret"], field: "client_secret" },
  { path: ["auth", "secret_access_key"], field: "secret_access_key" },
  { path: ["auth", "session_token"], field: "session_token" },
  { path: ["signing", "secret"], field: "signing_secret" },
];

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,199}$/;

/** The value at a path; undefined if there is none. */
export function valueAtPath(entry: JsonObject, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, name) => memberOf(value, name), entry);
}

/** An entry with another value at a path whose parents exist; undefined removes it. */
export function withValueAt(entry: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return entry;
  const others = Object.entries(entry).filter(([key]) => key !== name);
  const parent = memberOf(entry, name);
  const changed = rest.length === 0 ? value : isJsonObject(parent) ? withValueAt(parent, rest, value) : parent;
  return Object.fromEntries(changed === undefined ? others : [...others, [name, changed]]);
}

function membersAt(entry: JsonObject, path: readonly string[], field: string): readonly Place[] {
  const map = valueAtPath(entry, path);
  if (!isJsonObject(map)) return [];
  return Object.keys(map).map((name) => ({ path: [...path, name], field: `${field}${name}` }));
}

/** The places of an entry that have a value. */
export function placesIn(kind: SecretKind, entry: JsonObject): readonly Place[] {
  const places =
    kind === "integration"
      ? OF_INTEGRATION
      : [
          ...OF_DESTINATION,
          ...membersAt(entry, ["headers"], "header_"),
          ...membersAt(entry, ["payload", "options"], ""),
        ];
  return places.filter(({ path }) => valueAtPath(entry, path) !== undefined);
}

/** The name in a reference to a secret; null for any other value. */
export function referencedName(value: Json | undefined): string | null {
  const name = memberOf(value, "env");
  const isReference = isJsonObject(value) && Object.keys(value).length === 1;
  return isReference && typeof name === "string" && NAME.test(name) ? name : null;
}

/** Derives names of secrets, each once: `DESTINATION_TEAM_CHAT_TOKEN`. */
export function createNames(): (kind: SecretKind, key: string, field: string) => string {
  const used = new Set<string>();
  return (kind, key, field) => {
    const written = `${kind}_${key}_${field}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
    const base = written.replaceAll(/^_+|_+$/g, "").slice(0, 180);
    let name = base;
    for (let count = 2; used.has(name); count++) name = `${base}_${count}`;
    used.add(name);
    return name;
  };
}
