import type { Json, JsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { formFault } from "../reading/form.ts";
import { type Urlencoded, pairsOf, pairsOfQuery } from "../reading/urlencoded.ts";

/** A field with the name that the sender wrote, brackets included. */
export type WrittenField = readonly [name: string, value: Json];

type Slot =
  | { readonly kind: "one"; readonly value: Json }
  | { readonly kind: "list"; readonly items: Json[] }
  | { readonly kind: "map"; readonly members: Members };
type Members = Map<string, Slot>;

const MAX_KEYS = 10;
/** Brackets of a longer name are not read. */
const MAX_NAME = 2_000;

// `data[merges][FNAME]` sets a key of a map of maps, and a last `[]` adds to a list.
const BRACKETED = /^([^[\]]+)((?:\[[^[\]]+\])*)(\[\])?$/;

function pathOf(name: string): { readonly path: readonly string[]; readonly isList: boolean } {
  if (name.length > MAX_NAME) return { path: [name], isList: false };
  const [, base, keys = "", list] = BRACKETED.exec(name) ?? [];
  const path = keys === "" ? [] : keys.slice(1, -1).split("][");
  if (base === undefined || path.length > MAX_KEYS) return { path: [name], isList: false };
  return { path: [base, ...path], isList: list !== undefined };
}

function putOne(members: Members, name: string, value: Json, isList: boolean): boolean {
  const before = members.get(name);
  switch (before?.kind) {
    case undefined:
      members.set(name, isList ? { kind: "list", items: [value] } : { kind: "one", value });
      return true;
    case "one":
      members.set(name, { kind: "list", items: [before.value, value] });
      return true;
    case "list":
      before.items.push(value);
      return true;
    case "map":
      return false;
  }
}

function put(top: Members, written: string, value: Json): void {
  const { path, isList } = pathOf(written);
  let members = top;
  for (const key of path.slice(0, -1)) {
    const slot = members.get(key) ?? { kind: "map", members: new Map<string, Slot>() };
    // A value cannot become a map too, so that the field keeps its written name.
    if (slot.kind !== "map") {
      putOne(top, written, value, false);
      return;
    }
    members.set(key, slot);
    members = slot.members;
  }
  if (putOne(members, path.at(-1) ?? written, value, isList)) return;
  putOne(top, written.endsWith("[]") ? written : `${written}[]`, value, true);
}

function jsonOf(slot: Slot): Json {
  switch (slot.kind) {
    case "one":
      return slot.value;
    case "list":
      return slot.items;
    case "map":
      return objectOf(slot.members);
  }
}

// Object.fromEntries treats `__proto__` as a normal key.
function objectOf(members: Members): JsonObject {
  return Object.fromEntries([...members].map(([name, slot]) => [name, jsonOf(slot)]));
}

/** Returns fields as one map. Repeated fields become lists; bracketed names become maps and lists. */
export function gather(fields: Iterable<WrittenField>): JsonObject {
  const top: Members = new Map();
  for (const [name, value] of fields) put(top, name, value);
  return objectOf(top);
}

/** Reads the fields of a query string. */
export function readQuery(query: string): Result<JsonObject, string> {
  const fault = formFault(query);
  if (fault !== null) return fail(fault);
  const pairs = pairsOfQuery(query);
  return pairs.ok ? ok(gather(pairs.value)) : pairs;
}

/** Reads the fields of a form. */
export function readForm(form: Urlencoded): Result<JsonObject, string> {
  const fault = formFault(form.text ?? form.bytes);
  if (fault !== null) return fail(fault);
  const pairs = pairsOf(form);
  return pairs.ok ? ok(gather(pairs.value)) : pairs;
}
