import { Digits } from "../model/digits.ts";
import { type Json, type JsonObject, isJsonObject, isList, valueAt } from "../model/json.ts";

/** How often each value of an attribute occurred, the most frequent value first. */
export type Histogram = readonly (readonly [Json, number])[];

const MAX_ATTRIBUTES = 50;
const MAX_VALUES = 100;
/** An attribute with more values than this counts new ones as others. */
const MAX_COUNTED = 1_000;
const MAX_ITEMS = 100;
const MAX_NAME = 200;
const MAX_VALUE = 256;
/** The entry for all values that are not listed. */
export const OTHER = "…other";

type Counts = { readonly values: Map<string, { readonly value: Json; count: number }>; other: number };

function isShortNumber(value: unknown): boolean {
  return value instanceof Digits && value.toString().length <= MAX_VALUE;
}

function shown(value: Json): Json {
  if (isShortNumber(value)) return value;
  if (typeof value === "string") return value.slice(0, MAX_VALUE).toWellFormed();
  return typeof value === "object" && value !== null ? shown(JSON.stringify(value)) : value;
}

function isPair(value: Json): value is readonly [Json, number] {
  return isList(value) && value.length === 2 && Number.isFinite(value[1]) && Number(value[1]) >= 0;
}

/** Counts the attributes of events: at most 50 attributes, with at most 100 values each. */
export class Histograms {
  readonly #counts = new Map<string, Counts>();
  readonly #paths: readonly string[] | null;

  /** `paths` are read in each event. If they are null, the map `attributes` of the payload is counted. */
  constructor(paths: readonly string[] | null) {
    this.#paths = paths;
    for (const path of paths ?? []) this.#countsOf(path);
  }

  #countsOf(name: string): Counts | null {
    const known = this.#counts.get(name);
    if (known !== undefined) return known;
    if (this.#counts.size >= MAX_ATTRIBUTES) return null;
    const counts: Counts = { values: new Map(), other: 0 };
    this.#counts.set(name, counts);
    return counts;
  }

  #count(name: string, value: Json, count: number): void {
    const counts = this.#countsOf(name.slice(0, MAX_NAME).toWellFormed());
    if (counts === null || count === 0) return;
    const short = shown(value);
    const id = JSON.stringify(short);
    const known = counts.values.get(id);
    if (known !== undefined) known.count += count;
    else if (counts.values.size < MAX_COUNTED) counts.values.set(id, { value: short, count });
    else counts.other += count;
  }

  #countEach(name: string, value: Json): void {
    if (!isList(value)) return this.#count(name, value, 1);
    for (const item of value.slice(0, MAX_ITEMS)) this.#count(name, item, 1);
  }

  /** Counts an event. A path that the payload does not have is read in the body of the delivery. */
  add(payload: Json | undefined, document: JsonObject): void {
    for (const path of this.#paths ?? []) {
      const own = valueAt(payload, path);
      const value = own === undefined ? valueAt(document, path) : own;
      if (value !== undefined) this.#countEach(path, value);
    }
    const own = this.#paths === null && isJsonObject(payload) ? payload["attributes"] : null;
    if (!isJsonObject(own)) return;
    for (const [name, value] of Object.entries(own)) {
      const isHistogram = isList(value) && value.length > 0 && value.every(isPair);
      if (!isHistogram) this.#countEach(name, value);
      else for (const [each, count] of value.slice(0, MAX_COUNTED).filter(isPair)) this.#count(name, each, count);
    }
  }

  toJson(): Readonly<Record<string, Histogram>> {
    const lists = [...this.#counts].map(([name, { values, other }]): [string, Histogram] => {
      const sorted = [...values.values()].toSorted((a, b) => b.count - a.count);
      const rest = sorted.slice(MAX_VALUES).reduce((sum, { count }) => sum + count, other);
      const listed = sorted.slice(0, MAX_VALUES).map(({ value, count }) => [value, count] as const);
      return [name, rest > 0 ? [...listed, [OTHER, rest] as const] : listed];
    });
    return Object.fromEntries(lists);
  }
}
