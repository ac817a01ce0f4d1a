import type { JsonObject } from "../../model/json.ts";
import type { FieldError, Result } from "../../model/result.ts";

type Errors = readonly FieldError[];

/** An entry of a document, and the thing that it describes. */
export type Entry<T> = {
  readonly key: string;
  readonly given: JsonObject;
  readonly id: string;
  readonly name: string;
  readonly external_id: string | null;
  readonly stored: T | null;
};

/** What an entry describes, as it is to be stored, and the secrets that were generated, by name. */
export type Described<T> = { readonly row: T; readonly generated: ReadonlyMap<string, string> };

export type Describe<T> = (entry: Entry<T>) => Promise<Result<Described<T>, Errors>>;

/** Whether the field is given; it is `external_id` or another one that keys stand for. */
export function refuseFields(given: JsonObject, hints: Readonly<Record<string, string>>): Errors {
  return Object.entries(hints).flatMap(([path, message]) => (Object.hasOwn(given, path) ? [{ path, message }] : []));
}

export const KEY_HINT = { external_id: "is the key of the entry: leave it out" };

/** The times and the name of a thing, new or stored. */
export function stampsOf<T extends { readonly created_at: string }>({ stored }: Entry<T>, at: string) {
  return { managed_by: "config", created_at: stored?.created_at ?? at, updated_at: at } as const;
}
