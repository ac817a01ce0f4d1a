import { type Context, withShard } from "../context.ts";
import { findShard } from "../platform/shards.ts";
import { findIntegration } from "../storage/config/integrations.ts";
import { type ListedPage, mergePages } from "../storage/pages.ts";

// The shard of an integration stores its events. These functions query all shards at once; with one shard they cost nothing.

/** Returns the context at each shard. */
export function atEachShard(context: Context): readonly Context[] {
  return context.shards.map((shard) => withShard(context, shard));
}

/** Something, and the context at the shard that stores it. */
export type Located<T> = { readonly at: Context; readonly found: T };

/** Looks for something in every shard; null if no shard has it. Throws if a shard that failed may have it. */
export async function findIn<T>(
  context: Context,
  find: (at: Context) => Promise<T | null>,
): Promise<Located<T> | null> {
  const searches = atEachShard(context).map(async (at) => ({ at, found: await find(at) }));
  for (const search of await Promise.allSettled(searches)) {
    if (search.status === "rejected") continue;
    const { at, found } = search.value;
    if (found !== null) return { at, found };
  }
  await Promise.all(searches);
  return null;
}

/** The shards that may have events of an integration: all of them if none is named or the integration is gone. */
export async function shardsFor(
  context: Context,
  integrationId: string | null | undefined,
): Promise<readonly Context[]> {
  const all = atEachShard(context);
  if (all.length === 1 || typeof integrationId !== "string") return all;
  const integration = await findIntegration(context.primary, integrationId);
  if (integration === null) return all;
  const own = findShard(context.shards, integration.shard);
  return own === null ? [] : [withShard(context, own)];
}

/** A page of a list that several shards store. */
export async function listIn<T>(
  contexts: readonly Context[],
  limit: number,
  slotOf: (row: T) => string,
  list: (at: Context) => Promise<ListedPage<T>>,
): Promise<ListedPage<T>> {
  const [only, ...others] = await Promise.all(contexts.map(list));
  if (only === undefined) return { rows: [], next: null };
  return others.length === 0 ? only : mergePages([only, ...others], limit, slotOf);
}

/** The slot of a row in a list that is ordered by id. */
export function slotById({ id }: { readonly id: string }): string {
  return id;
}
