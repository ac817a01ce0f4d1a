import type { Json } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";

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

/** Returns why a form or a query string is not read; null if it has few enough fields. */
export function formFault(text: string): string | null {
  let fields = 1;
  for (let at = text.indexOf("&"); at !== -1; at = text.indexOf("&", at + 1)) fields += 1;
  return fields > MAX_FIELDS ? `There are more than ${MAX_FIELDS} fields.` : null;
}

/**
 * Reads the fields of a query string or a form. If several names differ only in case, the last one counts. The error is
 * a sentence for the sender.
 */
export function entriesOfForm(text: string): Result<Entry[], string> {
  if (text === "") return ok([]);
  const fault = formFault(text);
  if (fault !== null) return fail(fault);
  const fields = new Map<string, Gathered>();
  for (const [name, value] of new URLSearchParams(text)) put(fields, name, value);
  const entries = [...fields.values()].map(({ name, value }): Entry => [
    name,
    value instanceof Map ? Object.fromEntries(value) : value,
  ]);
  return ok(entries);
}
