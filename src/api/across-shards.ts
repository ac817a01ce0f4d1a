import { type Context, withShard } from "../context.ts";
import { findShard } from "../platform/shards.ts";
import { findIntegration } from "../storage/config/integrations.ts";
import type { ListedPage } from "../storage/events/list-events.ts";
import type { Call } from "./call.ts";

// What the API shows of events is in the shard of their integration. Shards are asked all at once, and where there is one
// it is asked as if there were no others.

/** Returns the context at each shard. */
export function atEachShard(context: Context): readonly Context[] {
  return context.shards.map((shard) => withShard(context, shard));
}

/** Something, and the context of the shard that has it. */
export type InShard<T> = { readonly context: Context; readonly found: T };

/** Looks for something in every shard; null where none has it. Throws where it may be in one that could not be asked. */
export async function findIn<T>(
  context: Context,
  find: (at: Context) => Promise<T | null>,
): Promise<InShard<T> | null> {
  const looking = atEachShard(context).map(async (at) => ({ context: at, found: await find(at) }));
  for (const looked of await Promise.allSettled(looking)) {
    if (looked.status === "rejected") continue;
    if (looked.value.found !== null) return { context: looked.value.context, found: looked.value.found };
  }
  await Promise.all(looking);
  return null;
}

/** The shards that may have events of an integration; all of them where none is named, or it is gone. */
export async function shardsFor(call: Call, integrationId: string | null | undefined): Promise<readonly Context[]> {
  const shards = atEachShard(call.context);
  if (shards.length === 1 || typeof integrationId !== "string") return shards;
  const integration = await findIntegration(call.context.primary, integrationId);
  if (integration === null) return shards;
  const own = findShard(call.context.shards, integration.shard);
  return own === null ? [] : [withShard(call.context, own)];
}

/**
 * Pages of several lists as one page of a list of them all, in falling order of `placeOf`. Lists that go on hide what is below
 * the place down to which they have been looked through, so the page ends at the highest of these.
 */
export function mergePages<T>(
  pages: readonly ListedPage<T>[],
  limit: number,
  placeOf: (row: T) => string,
): ListedPage<T> {
  const ends = pages.flatMap(({ next }) => (next === null ? [] : [next]));
  const end = ends.reduce<string | null>(
    (highest, place) => (highest === null || place > highest ? place : highest),
    null,
  );
  const rows = pages
    .flatMap((page) => page.rows)
    .filter((row) => end === null || placeOf(row) >= end)
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
  if (rows.length <= limit) return { rows, next: end };
  const shown = rows.slice(0, limit);
  return { rows: shown, next: shown.slice(-1).map(placeOf)[0] ?? null };
}

/** A page of a list that is kept in several shards. */
export async function listIn<T>(
  shards: readonly Context[],
  limit: number,
  placeOf: (row: T) => string,
  list: (at: Context) => Promise<ListedPage<T>>,
): Promise<ListedPage<T>> {
  const [only, ...others] = await Promise.all(shards.map(list));
  if (only === undefined) return { rows: [], next: null };
  return others.length === 0 ? only : mergePages([only, ...others], limit, placeOf);
}

/** The place of a row in a list by ids. */
export function idOf({ id }: { readonly id: string }): string {
  return id;
}
