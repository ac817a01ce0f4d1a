import type { AliasLink, KeyNode, MergedHistory } from "../model/alias.ts";

/** The changes after which all keys that belong together share one history. */
export type AliasPlan = {
  /** By key: the key whose history it shares. */
  readonly canonical: ReadonlyMap<string, string>;
  /** By canonical key: the histories that are to be merged into its history. */
  readonly merged: ReadonlyMap<string, readonly MergedHistory[]>;
  readonly links: readonly AliasLink[];
  /** Histories to merge: that of `alias` into that of `key`. */
  readonly joins: readonly AliasLink[];
  /** Keys that the plan takes to be aliases of no other; the plan is void if one of them has become an alias. */
  readonly roots: readonly string[];
};

/** Unites lists that have a key in common. */
function components(lists: readonly (readonly string[])[]): Set<string>[] {
  const byKey = new Map<string, Set<string>>();
  for (const list of lists) {
    const united = new Set(list);
    for (const key of list) for (const other of byKey.get(key) ?? []) united.add(other);
    for (const key of united) byKey.set(key, united);
  }
  return [...new Set(byKey.values())];
}

/** The longest history comes first, so that chains of aliases stay short. */
function byRank(a: KeyNode, b: KeyNode): number {
  return (b.size ?? -1) - (a.size ?? -1) || (a.key < b.key ? -1 : 1);
}

/** Plans aliases for lists of keys, each of which one event names together. `nodes` are all keys that the lists lead to. */
export function planAliases(lists: readonly (readonly string[])[], nodes: readonly KeyNode[]): AliasPlan {
  const canonical = new Map<string, string>();
  const merged = new Map<string, MergedHistory[]>();
  const links: AliasLink[] = [];
  const joins: AliasLink[] = [];
  const roots: string[] = [];
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const known = nodes.flatMap(({ key, target }) => (target === null ? [] : [[key, target]]));
  for (const keys of components([...lists, ...known])) {
    const members = [...keys].flatMap((key) => byKey.get(key) ?? []);
    const [root, ...others] = members.filter(({ target }) => target === null).toSorted(byRank);
    if (root === undefined) throw new Error("Aliases lead to no key.");
    const rest = members.filter((member) => member !== root);
    const histories = rest.flatMap(({ key, version }) => (version === null ? [] : [{ key, version }]));
    for (const key of keys) canonical.set(key, root.key);
    if (histories.length > 0) merged.set(root.key, histories);
    if (others.length === 0 && histories.length === 0) continue;
    links.push(...others.map(({ key }) => ({ alias: key, key: root.key })));
    joins.push(...rest.map(({ key }) => ({ alias: key, key: root.key })));
    roots.push(root.key, ...others.map(({ key }) => key));
  }
  return { canonical, merged, links, joins, roots };
}
