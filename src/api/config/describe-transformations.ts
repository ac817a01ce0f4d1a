import type { JsonObject } from "../../model/json.ts";
import { type FieldError, ok, fail } from "../../model/result.ts";
import type { Transformation } from "../../model/transformation.ts";
import { check } from "../field-errors.ts";
import { transformationCreation } from "../transformations/fields.ts";
import { type Describe, KEY_HINT, refuseFields, stampsOf } from "./entry.ts";

/** Leads from a key of the document to an id; null if it is the key of nothing. */
export type KeyToId = (key: string) => string | null;

const HINTS = { ...KEY_HINT, transformation_id: "is written as transformation, a key" };

/** An entry without its reference to a transformation, the field in its place, and the errors of the keys that it must not have. */
type Resolved = {
  readonly given: JsonObject;
  readonly fields: { readonly transformation_id?: string };
  readonly errors: readonly FieldError[];
};

/** Resolves the reference of an integration or a destination to its transformation. */
export function resolveTransformation(entry: JsonObject, idOf: KeyToId): Resolved {
  const { transformation, ...given } = entry;
  const errors = refuseFields(entry, HINTS);
  if (transformation === undefined || transformation === null) return { given, fields: {}, errors };
  const id = typeof transformation === "string" ? idOf(transformation) : null;
  if (id !== null) return { given, fields: { transformation_id: id }, errors };
  const message = "is not the key of a transformation";
  return { given, fields: {}, errors: [...errors, { path: "transformation", message }] };
}

/** The error of a field as the document writes it. */
export function withKeyPath({ path, message }: FieldError): FieldError {
  return { path: path === "transformation_id" ? "transformation" : path, message };
}

/** Returns what describes transformations. Other code makes another version. */
export function describeTransformations(at: string): Describe<Transformation> {
  return (each) => {
    const { id, name, external_id, given, stored } = each;
    const refused = refuseFields(given, KEY_HINT);
    if (refused.length > 0) return Promise.resolve(fail(refused));
    const parsed = check(transformationCreation, { ...given, name });
    if (!parsed.ok) return Promise.resolve(parsed);
    const { code } = parsed.value;
    const version = stored === null ? 1 : stored.version + (stored.code === code ? 0 : 1);
    const row: Transformation = { id, name, code, version, external_id, ...stampsOf(each, at) };
    return Promise.resolve(ok({ row, generated: new Map() }));
  };
}
