import { isExternalId } from "../external-ids.ts";

// The keys of a document: the `external_id` of a thing, else its name. Things that share a name have keys such as `name [id]`.

/** What keys are made of. */
export type Named = { readonly id: string; readonly name: string; readonly external_id: string | null };

const BRACKETED = /^(.*) \[((?:int|dst|rte|trf)_[0-9A-Za-z]{1,60})\]$/s;

/** A member with this name cannot be told from an object's prototype in every language. */
const UNUSABLE = "__proto__";

/** The name and the id in a key such as `name [id]`; null for other keys. */
export function parseKey(key: string): { readonly name: string; readonly id: string } | null {
  const [, name, id] = BRACKETED.exec(key) ?? [];
  return name === undefined || id === undefined ? null : { name, id };
}

/** The name that a thing has if its entry gives none. */
export function nameIn(key: string): string {
  return parseKey(key)?.name ?? key;
}

/** The key that a thing has by itself; null if it needs the one with its id. */
function plainKeyOf({ name, external_id }: Named): string | null {
  if (external_id !== null) return isExternalId(external_id) ? external_id : null;
  return name === UNUSABLE || BRACKETED.test(name) ? null : name;
}

/** The key of each thing, by its id. */
function keysOf(things: readonly Named[]): ReadonlyMap<string, string> {
  const plain = things.map(plainKeyOf);
  const uses = new Map<string, number>();
  for (const key of plain) if (key !== null) uses.set(key, (uses.get(key) ?? 0) + 1);
  return new Map(
    things.map((thing, index) => {
      const key = plain[index] ?? null;
      const isOwn = key !== null && (thing.external_id !== null || uses.get(key) === 1);
      // An id of another gateway, from which a document created the thing, stays its id in keys.
      return [thing.id, isOwn ? key : `${thing.name} [${thing.external_id ?? thing.id}]`];
    }),
  );
}

/** How the keys of a document lead to the things of one kind. */
export type KeyIndex<T extends Named> = {
  /** The thing of a key, null if there is none, or `ambiguous` if several things have this name. */
  readonly find: (key: string) => T | null | "ambiguous";
  readonly keyOf: (thing: T) => string;
};

export function indexKeys<T extends Named>(things: readonly T[]): KeyIndex<T> {
  const keys = keysOf(things);
  const keyOf = (thing: T): string => keys.get(thing.id) ?? thing.name;
  const byKey = new Map(things.map((thing) => [keyOf(thing), thing]));
  const byId = new Map(
    things.flatMap((thing) => [[thing.external_id ?? thing.id, thing] as const, [thing.id, thing] as const]),
  );
  const byName = Map.groupBy(
    things.filter(({ external_id }) => external_id === null),
    ({ name }) => name,
  );
  return {
    keyOf,
    find(key) {
      const known = byKey.get(key);
      if (known !== undefined) return known;
      const parsed = parseKey(key);
      const named = parsed === null ? undefined : byId.get(parsed.id);
      if (named !== undefined) return named;
      const [first, ...others] = byName.get(key) ?? [];
      if (first === undefined) return null;
      return others.length === 0 ? first : "ambiguous";
    },
  };
}

/** The `external_id` of a thing that an entry creates: its key, so that a later change of its name keeps it. */
export function externalIdFor(key: string): string | null {
  const parsed = parseKey(key);
  if (parsed !== null) return parsed.id;
  return isExternalId(key) ? key : null;
}
