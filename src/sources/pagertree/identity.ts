import { SHARED_NAMESPACE } from "../../model/event.ts";
import { type Json, isList } from "../../model/json.ts";
import { type FieldError, MAX_ERRORS, type Result, fail, ok } from "../../model/result.ts";
import type { Field, Fields } from "../reading/fields.ts";

const MAX_KEY = 1_000;
/** A longer list of keys is a mistake of the sender's. */
const MAX_DEDUP_KEYS = 100;
/** The most items of the list, with repeats and empty ones. A longer list is refused before its items are read. */
const MAX_LISTED_KEYS = 1_000;

/** The alert that a request is about, and the other keys of that alert. */
export type Identity = {
  readonly namespace: string;
  readonly key: string;
  readonly aliases?: readonly string[];
};

/** Returns a key that the alerts table can store; null if it is blank. */
function keyOf(text: string, path: string): Result<string | null, FieldError> {
  if (text.trim() === "") return ok(null);
  if (text.length > MAX_KEY) return fail({ path, message: `must be at most ${MAX_KEY} characters long` });
  return ok(text.toWellFormed().replaceAll("\u0000", "\ufffd"));
}

function readId(field: Field | undefined): Result<string | null, FieldError> {
  if (field === undefined || field.value === null) return ok(null);
  const text = typeof field.value === "number" ? field.digits() : field.value;
  if (typeof text !== "string") return fail({ path: field.name, message: "must be a text or a number" });
  return keyOf(text, field.name);
}

function tooManyKeys({ name }: Field): Result<never, readonly FieldError[]> {
  return fail([{ path: name, message: `must contain at most ${MAX_DEDUP_KEYS} keys` }]);
}

function readDedupKeys(field: Field | undefined): Result<readonly string[], readonly FieldError[]> {
  if (field === undefined || field.value === null) return ok([]);
  if (isList(field.value) && field.value.length > MAX_LISTED_KEYS) return tooManyKeys(field);
  const value = field.digits();
  const items: readonly Json[] = isList(value) ? value : [value];
  const keys = new Set<string>();
  const errors: FieldError[] = [];
  for (const [index, item] of items.entries()) {
    const path = isList(value) ? `${field.name}[${index}]` : field.name;
    if (item === null) continue;
    const key = typeof item === "string" ? keyOf(item, path) : fail({ path, message: "must be a text or a number" });
    if (!key.ok) errors.push(key.error);
    else if (key.value !== null) keys.add(key.value);
    if (errors.length === MAX_ERRORS) break;
  }
  if (errors.length > 0) return fail(errors);
  return keys.size > MAX_DEDUP_KEYS ? tooManyKeys(field) : ok([...keys]);
}

/** Returns the alert that the request is about; null if it names none. All integrations share `dedup_keys`. */
export function readIdentity(fields: Fields, integrationId: string): Result<Identity | null, readonly FieldError[]> {
  const id = readId(fields.find("Id"));
  const shared = readDedupKeys(fields.find("dedup_keys"));
  if (!id.ok || !shared.ok) return fail([...(id.ok ? [] : [id.error]), ...(shared.ok ? [] : shared.error)]);
  const [first, ...aliases] = shared.value;
  if (first !== undefined) {
    const identity = { namespace: SHARED_NAMESPACE, key: first };
    return ok(aliases.length === 0 ? identity : { ...identity, aliases });
  }
  return ok(id.value === null ? null : { namespace: integrationId, key: id.value });
}
