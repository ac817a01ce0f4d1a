import type { JSONValue } from "@jmespath-community/jmespath";
import * as z from "zod/mini";
import { type Json, type JsonObject, isJsonObject } from "../../model/json.ts";
import { lazy } from "../../model/lazy.ts";
import type { FieldError } from "../../model/result.ts";
import type { Field, Fields } from "../reading/fields.ts";
import { search } from "./jmespath-search.ts";
import { type Expression, parseExpression } from "./jmespath.ts";

/** The schema of an option that must be an expression. */
export const wrapperKey = lazy(() =>
  z._default(
    z.nullable(
      z.string().check(
        z.superRefine((text, context) => {
          const parsed = parseExpression(text);
          if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
        }),
      ),
    ),
    null,
  ),
);

/** The fields to interpret, a note if the wrapped ones were not found, and the prefix of their paths. */
type Unwrapped = { readonly fields: Fields; readonly note: string | null; readonly at: string };

const PLAIN_PATH = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function allExact(value: Json): boolean {
  if (typeof value === "number") return isExact(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(allExact);
}

/**
 * Returns a copy to search in. Numbers that JavaScript cannot represent become texts, because ids must keep their
 * digits.
 */
function copyOf(value: Json, digits: Json): JSONValue {
  if (typeof value === "number") return !isExact(value) && typeof digits === "string" ? digits : value;
  if (typeof value !== "object" || value === null) return value;
  if (isJsonObject(value)) {
    const exact = isJsonObject(digits) ? digits : {};
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copyOf(item, exact[name] ?? null)]));
  }
  const exact: readonly Json[] = Array.isArray(digits) ? digits : [];
  return value.map((item, index) => copyOf(item, exact[index] ?? null));
}

function withTextForNumbers(value: Json): Json {
  if (typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (!isJsonObject(value)) return value.map(withTextForNumbers);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withTextForNumbers(item)]));
}

function tableOf(wrapped: JsonObject, whole: Fields): Fields {
  const all: Field[] = Object.entries(wrapped).map(([name, value]) => ({
    name,
    value,
    digits: () => withTextForNumbers(value),
    exact: () => value,
  }));
  const byName = new Map(all.map((field) => [field.name.toLowerCase(), field]));
  const { exact, payload, payload_is_body } = whole;
  return { all, find: (name) => byName.get(name.toLowerCase()), exact, payload, payload_is_body };
}

function searchable(fields: Fields): JSONValue {
  return Object.fromEntries(
    fields.all.map(({ name, value, digits }) => [name, copyOf(value, allExact(value) ? null : digits())]),
  );
}

/** Returns a function that finds the map of a request's fields by a parsed expression. */
type Unwrap = (fields: Fields) => Unwrapped;

function unwrapBy(expression: Expression, text: string): Unwrap {
  const at = PLAIN_PATH.test(text.trim()) ? `${text.trim()}.` : "";
  return (fields) => {
    const found = search(expression, searchable(fields));
    if (found.ok && isJsonObject(found.value)) return { fields: tableOf(found.value, fields), note: null, at };
    const why = found.ok ? "finds no map of fields in this payload" : found.error;
    return { fields, note: `wrapper_key ${why}: the whole payload was used.`, at: "" };
  };
}

/** Returns a function that finds the fields by a `wrapper_key`. An invalid one adds a note to every event. */
export function prepareUnwrap(wrapperKeyText: string | null): Unwrap {
  if (wrapperKeyText === null) return (fields) => ({ fields, note: null, at: "" });
  const parsed = parseExpression(wrapperKeyText);
  if (parsed.ok) return unwrapBy(parsed.value, wrapperKeyText);
  return (fields) => ({ fields, note: "wrapper_key is not an expression: the whole payload was used.", at: "" });
}

/** Returns errors with paths from the root of the sender's body. */
export function pathsFrom(at: string, errors: readonly FieldError[]): readonly FieldError[] {
  return at === "" ? errors : errors.map(({ path, message }) => ({ path: `${at}${path}`, message }));
}
