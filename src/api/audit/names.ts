import type { Context } from "../../context.ts";
import type { AuditEntry } from "../../model/audit.ts";
import { eventIdOf } from "../../model/ids.ts";
import { readAlertTitles } from "../../storage/alerts/titles.ts";
import { readNamesOf } from "../../storage/config/names.ts";
import { readSummaries } from "../../storage/events/log.ts";

// Names of what has none at the time of an entry. They are read when entries are shown, and not recorded: an entry would keep
// the title of an event that is erased.

/** What an entry shows beside its ids. */
export type EntryNames = { readonly actor: string | null; readonly target: string | null };

type Names = ReadonlyMap<string, string>;
const NO_NAMES: Names = new Map();

async function readFrom(ids: readonly string[], read: (ids: readonly string[]) => Promise<Names>): Promise<Names> {
  return ids.length === 0 ? NO_NAMES : await read([...new Set(ids)]);
}

/** Reads from every shard. The names of a shard that fails are missing: the trail itself is in the primary. */
async function readFromShards(
  { shards }: Context,
  ids: readonly string[],
  read: (shard: Context["shards"][number], ids: readonly string[]) => Promise<Names>,
): Promise<Names> {
  return await readFrom(ids, async (wanted) => {
    const found = await Promise.allSettled(shards.map((shard) => read(shard, wanted)));
    return new Map(found.flatMap((each) => (each.status === "fulfilled" ? [...each.value] : [])));
  });
}

/** Returns the event that an entry is about, directly or by a delivery of it; null if it is about something else. */
function eventOf({ kind, target_id }: AuditEntry): string | null {
  if (kind === "event") return target_id;
  return kind === "delivery" ? eventIdOf(target_id) : null;
}

/** Reads the names of the API tokens, events and alerts of these entries: one query each, if there are any. */
export async function readEntryNames(
  context: Context,
  entries: readonly AuditEntry[],
): Promise<(entry: AuditEntry) => EntryNames> {
  const actors = entries.map(({ actor }) => actor).filter((actor) => actor.startsWith("tok_"));
  const events = entries.flatMap((entry) => eventOf(entry) ?? []);
  const alerts = entries.filter(({ kind }) => kind === "alert").map(({ target_id }) => target_id);
  const [tokens, summaries, titles] = await Promise.all([
    readFrom(actors, async (ids) => await readNamesOf(context.primary, "tokens", ids)),
    readFromShards(context, events, async (shard, ids) => await readSummaries({ ...context, shard }, ids)),
    readFromShards(context, alerts, async ({ db }, ids) => await readAlertTitles(db, ids)),
  ]);
  return (entry) => ({
    actor: tokens.get(entry.actor) ?? null,
    target: entry.target_name ?? summaries.get(eventOf(entry) ?? "") ?? titles.get(entry.target_id) ?? null,
  });
}
