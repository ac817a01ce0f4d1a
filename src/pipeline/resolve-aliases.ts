import { planAliases } from "../alerts/aliases.ts";
import type { MergedHistory } from "../model/alias.ts";
import type { HistoryKey } from "../model/episode.ts";
import { type EventMessage, SHARED_NAMESPACE, type Signal } from "../model/event.ts";
import type { ShardDatabase } from "../platform/shards.ts";
import { linkKeys, readKeyNodes } from "../storage/alerts/aliases.ts";

/** The keys of a batch that integrations share, resolved. */
export type Aliases = {
  /** By key: the key whose history it shares. */
  readonly canonical: ReadonlyMap<string, string>;
  /** By canonical key: histories that were merged into its history, to be forgotten after the batch is committed. */
  readonly merged: ReadonlyMap<string, readonly MergedHistory[]>;
};

const NO_ALIASES: Aliases = { canonical: new Map(), merged: new Map() };

/** The keys are read again this often if other consumers have linked them meanwhile. */
const MAX_TRIES = 8;

/** Returns the history that an event belongs to, or null if it acts on no alert. */
export function historyOf({ content }: EventMessage, { canonical }: Aliases = NO_ALIASES): HistoryKey | null {
  const { signal } = content;
  if (!("key" in signal)) return null;
  const { namespace, key } = signal;
  return { namespace, key: namespace === SHARED_NAMESPACE ? (canonical.get(key) ?? key) : key };
}

function sharedKeysIn(signal: Signal): string[] {
  if (!("key" in signal) || signal.namespace !== SHARED_NAMESPACE) return [];
  return [signal.key, ...(signal.aliases ?? [])];
}

/**
 * Links the shared keys that an event names together, and merges the histories that they had apart. A merged history stays
 * until its successor is committed. If a consumer died before that, the next one finds the merged history and decides all
 * events of the successor again.
 */
export async function resolveAliases(db: ShardDatabase, messages: readonly EventMessage[]): Promise<Aliases> {
  const lists = messages.map(({ content }) => sharedKeysIn(content.signal)).filter((list) => list.length > 0);
  if (lists.length === 0) return NO_ALIASES;
  const keys = [...new Set(lists.flat())];
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const plan = planAliases(lists, await readKeyNodes(db, keys));
    if (plan.roots.length === 0) return plan;
    const linked = await linkKeys(db, plan, keys);
    if (linked !== null) return planAliases(lists, linked);
  }
  throw new Error("Other consumers kept linking the same keys.");
}
