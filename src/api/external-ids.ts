import * as z from "zod/mini";
import type { Context } from "../context.ts";
import { MANAGERS } from "../model/managed-by.ts";
import { fail } from "../model/result.ts";
import { type NamedPrefix, isExternalIdTaken, resolveNames } from "../storage/config/external-ids.ts";
import type { Refusal } from "./request.ts";

/** What ids begin with. No `external_id` begins like that, so that none is ever taken for an id. */
const LIKE_AN_ID = /^(?:int|evt|alr|rte|dst|dlv|tok|rpl|trf|grp|aud|ses|iso)_/;
/** Part of paths: it needs no escape there, and is never `.` or `..`. */
const FORM = /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/;

/** Whether a text can be an `external_id`. */
export function isExternalId(text: string): boolean {
  return FORM.test(text) && !LIKE_AN_ID.test(text);
}

/** `external_id` in a request. */
export const acceptedExternalId = z
  .nullable(
    z.string().check(
      z.regex(FORM, "must be 1 to 100 letters, digits, dots, hyphens and underscores, of which the first is no mark"),
      z.refine((text) => !LIKE_AN_ID.test(text), "must not begin like an id"),
    ),
  )
  .check(z.describe("A name of your own, by which paths and references may name it, too; null for none."));

/** What answers show of how a thing of the configuration is named and managed. */
export const shownNaming = {
  external_id: z.nullable(z.string()).check(z.describe("By which paths and references may name it, too.")),
  managed_by: z
    .nullable(z.enum(MANAGERS))
    .check(
      z.describe(
        "`config` if `PUT /config` manages it; another change is undone by the next one. `listen` if it is deleted with the command `listen`.",
      ),
    ),
};

/** The resources whose things have an `external_id`, by the start of their paths. */
const NAMED_PATHS = [
  ["/integrations/{id}", "int"],
  ["/destinations/{id}", "dst"],
  ["/routes/{id}", "rte"],
  ["/transformations/{id}", "trf"],
] as const satisfies readonly (readonly [string, NamedPrefix])[];

/**
 * Returns the parameters of a path with the id in place of an `external_id`, so that each endpoint of a resource may be
 * addressed by both. An unknown one stays, and the endpoint responds with 404. An id costs no read.
 */
export async function resolvePath(
  { primary }: Context,
  path: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const { id } = parameters;
  const prefix = NAMED_PATHS.find(([start]) => path === start || path.startsWith(`${start}/`))?.[1];
  if (id === undefined || prefix === undefined || id.startsWith(`${prefix}_`)) return parameters;
  const resolved = (await resolveNames(primary, prefix, [id])).get(id);
  return resolved === undefined ? parameters : { ...parameters, id: resolved };
}

/** The filters that name a thing with an `external_id`. */
const NAMED_FILTERS = [
  ["integration_id", "int"],
  ["destination_id", "dst"],
  ["route_id", "rte"],
] as const satisfies readonly (readonly [string, NamedPrefix])[];

/**
 * Returns filters with the ids in place of each `external_id`. An unknown one stays, and matches nothing, as the id of a thing
 * without rows does. An id costs no read.
 */
export async function resolveFilters<Given extends Readonly<Record<string, unknown>>>(
  { primary }: Context,
  filters: Given,
): Promise<Given> {
  const resolving = NAMED_FILTERS.map(async ([field, prefix]) => {
    const name = filters[field];
    if (typeof name !== "string" || name.startsWith(`${prefix}_`)) return [];
    const id = (await resolveNames(primary, prefix, [name])).get(name);
    return id === undefined ? [] : [[field, id] as const];
  });
  return { ...filters, ...Object.fromEntries((await Promise.all(resolving)).flat()) };
}

const PREFIXES = ["int", "dst", "rte", "trf"] as const satisfies readonly NamedPrefix[];

/** Returns the ids of what has this id or `external_id`, of whatever kind. An id costs no read. */
export async function idsOf({ primary }: Context, name: string): Promise<readonly string[]> {
  if (!isExternalId(name)) return [name];
  const found = await Promise.all(
    PREFIXES.map(async (prefix) => (await resolveNames(primary, prefix, [name])).get(name)),
  );
  return found.filter((id) => id !== undefined);
}

/** Runs a handler, and refuses its request if another thing has the `external_id` that it would have written. */
export async function refuseTakenExternalId<T>(run: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await run();
  } catch (error) {
    if (!isExternalIdTaken(error)) throw error;
    return fail({
      code: "external_id_taken",
      title: "Another one has this external_id.",
      errors: [{ path: "external_id", message: "is the external_id of another one" }],
    });
  }
}
