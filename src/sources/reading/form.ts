import type { Json } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type Urlencoded, pairsOf, pairsOfQuery } from "./urlencoded.ts";

/** A field with the name that the sender wrote. */
export type Entry = readonly [name: string, value: Json];

type Gathered = { readonly name: string; value: string | string[] | Map<string, string> };

/** The most fields of a form or a query string. */
export const MAX_FIELDS = 10_000;

// As in web frameworks, `Tags[]` adds to a list and `Meta[shard]` sets a key of a map.
const BRACKETED = /^([^[\]]+)\[([^[\]]*)\]$/;

function put(fields: Map<string, Gathered>, writtenName: string, value: string): void {
  const [, base, key] = BRACKETED.exec(writtenName) ?? [];
  const name = base ?? writtenName;
  const slot = name.toLowerCase();
  const before = fields.get(slot)?.value;
  if (key === undefined) {
    fields.set(slot, { name, value });
  } else if (key === "") {
    if (Array.isArray(before)) before.push(value);
    else fields.set(slot, { name, value: [value] });
  } else if (before instanceof Map) {
    before.set(key, value);
  } else {
    fields.set(slot, { name, value: new Map([[key, value]]) });
  }
}

const AMPERSAND = 0x26;

/** Returns why a form or a query string is not read; null if it has few enough fields. */
export function formFault(form: string | Uint8Array): string | null {
  const next = (from: number): number =>
    typeof form === "string" ? form.indexOf("&", from) : form.indexOf(AMPERSAND, from);
  let fields = 1;
  for (let at = next(0); at !== -1; at = next(at + 1)) fields += 1;
  return fields > MAX_FIELDS ? `There are more than ${MAX_FIELDS} fields.` : null;
}

function entriesOf(pairs: Iterable<readonly [string, string]>): Entry[] {
  const fields = new Map<string, Gathered>();
  for (const [name, value] of pairs) put(fields, name, value);
  return [...fields.values()].map(({ name, value }): Entry => [
    name,
    value instanceof Map ? Object.fromEntries(value) : value,
  ]);
}

/**
 * Reads the fields of a form. If several names differ only in case, the last one counts. The error is a sentence for the
 * sender.
 */
export function entriesOfForm(form: Urlencoded): Result<Entry[], string> {
  const fault = formFault(form.text ?? form.bytes);
  if (fault !== null) return fail(fault);
  const pairs = pairsOf(form);
  return pairs.ok ? ok(entriesOf(pairs.value)) : pairs;
}

/** Reads the fields of a query string, as `entriesOfForm` does. */
export function entriesOfQuery(query: string): Result<Entry[], string> {
  if (query === "") return ok([]);
  const fault = formFault(query);
  if (fault !== null) return fail(fault);
  const pairs = pairsOfQuery(query);
  return pairs.ok ? ok(entriesOf(pairs.value)) : pairs;
}
