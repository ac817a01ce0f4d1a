import type { ShardDatabase } from "../platform/shards.ts";
import type { HistoryKey } from "../model/episode.ts";
import { type EventMessage, SHARED_NAMESPACE, type Signal } from "../model/event.ts";
import { type AliasLink, type JoinedHistory, type KeyNode, linkKeys, readKeyNodes } from "../storage/alerts/aliases.ts";
import { historyName } from "../storage/pipeline/append.ts";
import { historyOf } from "./decide.ts";

/** Where the events of a batch belong that share keys across integrations. */
export type Aliases = {
  /** By key: the one whose history it shares. */
  readonly canonical: ReadonlyMap<string, string>;
  /** By name of a history: those that were joined to it and are to be forgotten once it is settled. */
  readonly joined: ReadonlyMap<string, readonly JoinedHistory[]>;
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

/** Sets of keys that belong together: each is connected to the next by what an event or the database says. */
function components(lists: readonly (readonly string[])[]): Set<string>[] {
  const byKey = new Map<string, Set<string>>();
  for (const list of lists) {
    const merged = new Set(list);
    for (const key of list) for (const other of byKey.get(key) ?? []) merged.add(other);
    for (const key of merged) byKey.set(key, merged);
  }
  return [...new Set(byKey.values())];
}

/** Longer histories come first, so that chains of aliases stay short. */
function byRank(a: KeyNode, b: KeyNode): number {
  return (b.size ?? -1) - (a.size ?? -1) || (a.key < b.key ? -1 : 1);
}

type Plan = {
  readonly canonical: Map<string, string>;
  readonly joined: Map<string, JoinedHistory[]>;
  readonly links: AliasLink[];
  readonly joins: AliasLink[];
  readonly roots: string[];
};

function planOf(lists: readonly (readonly string[])[], nodes: readonly KeyNode[]): Plan {
  const plan: Plan = { canonical: new Map(), joined: new Map(), links: [], joins: [], roots: [] };
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const known = nodes.flatMap(({ key, target }) => (target === null ? [] : [[key, target]]));
  for (const keys of components([...lists, ...known])) {
    const members = [...keys].flatMap((key) => byKey.get(key) ?? []);
    const [root, ...others] = members.filter(({ target }) => target === null).toSorted(byRank);
    if (root === undefined) throw new Error("Aliases lead to no key.");
    const rest = members.filter((member) => member !== root);
    const joined = rest.flatMap(({ key, version }) => (version === null ? [] : [{ key, version }]));
    for (const key of keys) plan.canonical.set(key, root.key);
    if (joined.length > 0) plan.joined.set(historyName({ namespace: SHARED_NAMESPACE, key: root.key }), joined);
    if (others.length === 0 && joined.length === 0) continue;
    plan.links.push(...others.map(({ key }) => ({ alias: key, key: root.key })));
    plan.joins.push(...rest.map(({ key }) => ({ alias: key, key: root.key })));
    plan.roots.push(root.key, ...others.map(({ key }) => key));
  }
  return plan;
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
    const plan = planOf(lists, await readKeyNodes(db, keys));
    if (plan.roots.length === 0) return plan;
    const linked = await linkKeys(db, plan, keys);
    if (linked !== null) return planOf(lists, linked);
  }
  throw new Error("Other consumers kept linking the same keys.");
}
