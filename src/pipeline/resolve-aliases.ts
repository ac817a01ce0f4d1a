import type { ShardDatabase } from "../platform/shards.ts";
import type { HistoryKey } from "../model/episode.ts";
import { type EventMessage, SHARED_NAMESPACE, type Signal } from "../model/event.ts";
import { type AliasPlan, planAliases } from "../alerts/aliases.ts";
import type { MergedHistory } from "../model/alias.ts";
import { linkKeys, readKeyNodes } from "../storage/alerts/aliases.ts";
import { historyName } from "../storage/pipeline/append.ts";
import { historyOf } from "./decide.ts";

/** Where the events of a batch belong that share keys across integrations. */
export type Aliases = {
  /** By key: the one whose history it shares. */
  readonly canonical: ReadonlyMap<string, string>;
  /** By name of a history: those that were joined to it and are to be forgotten once it is settled. */
  readonly joined: ReadonlyMap<string, readonly MergedHistory[]>;
};

/** How often keys are read again because another consumer has linked them meanwhile. */
const MAX_TRIES = 8;

/** The history that an event joins, if it acts on an alert. */
export function joinedHistory(message: EventMessage, { canonical }: Aliases): HistoryKey | null {
  const own = historyOf(message);
  return own === null || own.namespace !== SHARED_NAMESPACE ? own : { ...own, key: canonical.get(own.key) ?? own.key };
}

function keysOf(signal: Signal): string[] {
  if (!("key" in signal) || signal.namespace !== SHARED_NAMESPACE) return [];
  return [signal.key, ...(signal.aliases ?? [])];
}

function aliasesOf({ canonical, merged }: AliasPlan): Aliases {
  const named = [...merged].map(
    ([key, histories]) => [historyName({ namespace: SHARED_NAMESPACE, key }), histories] as const,
  );
  return { canonical, joined: new Map(named) };
}

/**
 * Finds the key whose history each event of the shared namespace joins, links keys that an event names together, and joins
 * the histories that they have had apart. A joined history stays until its successor is settled: who finds one, because
 * another consumer got no further, decides the whole of the successor anew.
 */
export async function resolveAliases(db: ShardDatabase, messages: readonly EventMessage[]): Promise<Aliases> {
  const lists = messages.map(({ content }) => keysOf(content.signal)).filter((list) => list.length > 0);
  if (lists.length === 0) return { canonical: new Map(), joined: new Map() };
  const keys = [...new Set(lists.flat())];
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const plan = planAliases(lists, await readKeyNodes(db, keys));
    if (plan.roots.length === 0) return aliasesOf(plan);
    const linked = await linkKeys(db, plan, keys);
    if (linked !== null) return aliasesOf(planAliases(lists, linked));
  }
  throw new Error("Other consumers kept linking the same keys.");
}
