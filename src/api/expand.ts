import * as z from "zod/mini";
import { atEachShard } from "./across-shards.ts";
import type { Context } from "../context.ts";
import type { ListedPage } from "../storage/events/log.ts";
import type { PageQuery } from "../storage/tables.ts";
import { documentedAs } from "./schema.ts";

// `?expand=`: the objects that rows name, beside their ids.

/** The parameter: a comma-separated list of what a row names. */
export function expandable<const Name extends string>(names: readonly Name[]) {
  const message = `must be a comma-separated list of ${names.join(", ")}`;
  const isName = (text: string): text is Name => names.some((name) => name === text);
  const list = z.pipe(
    z.string().check(
      z.maxLength(200),
      z.refine((text) => text.split(",").every(isName), message),
    ),
    z.transform((text) => text.split(",").filter(isName)),
  );
  const description = `The objects to show beside their ids: a comma-separated list of ${names.join(", ")}.`;
  return documentedAs(z._default(list, []), { type: "string", description });
}

/** Objects by id, of which the last ones may not have fitted into memory. */
export type Objects<T> = {
  readonly find: (id: string | null) => T | null;
  readonly isRead: (id: string | null) => boolean;
};

export const NO_OBJECTS: Objects<never> = { find: () => null, isRead: () => true };

/** Reads the objects with these ids from all shards, newest first: as many as fit into memory, and the first of the ids. */
export async function readObjects<T extends { readonly id: string }>(
  context: Context,
  ids: readonly string[],
  read: (at: Context, ids: readonly string[], page: PageQuery) => Promise<ListedPage<T>>,
): Promise<Objects<T>> {
  const shards = atEachShard(context);
  const page = { limit: Math.max(1, ids.length), before: null, shares: shards.length };
  const [first] = ids;
  if (first === undefined) return NO_OBJECTS;
  const pages = await Promise.all(shards.map((at) => read(at, ids, page)));
  const found = new Map(pages.flatMap(({ rows }) => rows.map((row) => [row.id, row] as const)));
  const floor = pages.reduce<string>((highest, { next }) => (next !== null && next > highest ? next : highest), "");
  if (first < floor && !found.has(first)) {
    const own = await Promise.all(shards.map((at) => read(at, [first], page)));
    for (const row of own.flatMap(({ rows }) => rows)) found.set(row.id, row);
  }
  return {
    find: (id) => (id === null ? null : (found.get(id) ?? null)),
    isRead: (id) => id === null || id >= floor || id === first,
  };
}

/** Cuts a page before the first row whose objects are not in memory. */
export function cutPage<T extends { readonly id: string }>(
  { rows, next }: ListedPage<T>,
  isRead: (row: T) => boolean,
): ListedPage<T> {
  const end = rows.findIndex((row, index) => index > 0 && !isRead(row));
  const last = rows[end - 1];
  return last === undefined ? { rows, next } : { rows: rows.slice(0, end), next: last.id };
}
