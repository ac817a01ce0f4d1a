/** The bound of an LRU map. Each entry weighs 1 unless `weightOf` says otherwise; weights must not change. */
export type LruBound<K, V> = { readonly max: number; readonly weightOf?: (key: K, value: V) => number };

/** A map that forgets the least recently used entries when all entries together weigh more than its bound. */
export class LruMap<K, V extends object | string | number> {
  // A Map iterates in order of insertion: the first entry is the least recently used one.
  readonly #entries = new Map<K, V>();
  readonly #bound: LruBound<K, V>;
  #weight = 0;

  constructor(bound: LruBound<K, V>) {
    this.#bound = bound;
  }

  /** Returns the value of a key and marks it as used, or undefined if it is unknown. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    const weight = this.#weigh(key, value);
    // An entry above the bound would push out all others, and then itself.
    if (weight > this.#bound.max) return;
    this.#entries.set(key, value);
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#bound.max) return;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    const value = this.#entries.get(key);
    if (value === undefined) return;
    this.#entries.delete(key);
    this.#weight -= this.#weigh(key, value);
  }

  clear(): void {
    this.#entries.clear();
    this.#weight = 0;
  }

  /** Iterates from the least to the most recently used entry, and marks none as used. */
  entries(): IterableIterator<readonly [K, V]> {
    return this.#entries.entries();
  }

  #weigh(key: K, value: V): number {
    return this.#bound.weightOf?.(key, value) ?? 1;
  }
}
