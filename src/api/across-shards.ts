import type { Env } from "../settings.ts";
import { findShard, shardsOf } from "../platform/shards.ts";
import { findIntegration } from "../storage/config/integrations.ts";
import type { ListedPage } from "../storage/events/list-events.ts";
import type { Call } from "./call.ts";

// What the API shows of events is in the shard of their integration. Shards are asked all at once, and where there is one
// it is asked as if there were no others.

/** Something, and the shard that has it. */
export type InShard<T> = { readonly shard: Env; readonly found: T };

/** Looks for something in every shard; null where none has it. Throws where it may be in one that could not be asked. */
export async function findIn<T>(env: Env, find: (shard: Env) => Promise<T | null>): Promise<InShard<T> | null> {
  const looking = shardsOf(env).map(async (shard) => ({ shard, found: await find(shard) }));
  for (const looked of await Promise.allSettled(looking)) {
    if (looked.status === "rejected") continue;
    const { shard, found } = looked.value;
    if (found !== null) return { shard, found };
  }
  await Promise.all(looking);
  return null;
}

/** The shards that may have events of an integration; all of them where none is named, or it is gone. */
export async function shardsFor(call: Call, integrationId: string | null | undefined): Promise<readonly Env[]> {
  const shards = shardsOf(call.env);
  if (shards.length === 1 || typeof integrationId !== "string") return shards;
  const integration = await findIntegration(call.env.DB, integrationId);
  if (integration === null) return shards;
  const own = findShard(call.env, integration.shard);
  return own === null ? [] : [own];
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
  shards: readonly Env[],
  limit: number,
  placeOf: (row: T) => string,
  list: (shard: Env) => Promise<ListedPage<T>>,
): Promise<ListedPage<T>> {
  const [only, ...others] = await Promise.all(shards.map(list));
  if (only === undefined) return { rows: [], next: null };
  return others.length === 0 ? only : mergePages([only, ...others], limit, placeOf);
}

/** The place of a row in a list by ids. */
export function idOf({ id }: { readonly id: string }): string {
  return id;
}
