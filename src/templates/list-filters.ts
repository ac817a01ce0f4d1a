import type { Context } from "liquidjs";
import { Digits } from "../model/digits.ts";
import { partOf } from "../model/json.ts";
import { meterOf } from "./context.ts";
import type { Meter } from "./meter.ts";
import { plain, toText } from "./text.ts";
import { sumOf } from "./whole-numbers.ts";

type Self = { readonly context: Context };
type ListFilter = (items: readonly unknown[], meter: Meter, args: readonly unknown[]) => unknown;

// LiquidJS has these filters too, but nothing counts what their comparing, stringifying and reading of values costs.

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function listOf(value: unknown): readonly unknown[] {
  const opened = plain(value);
  if (isMissing(opened)) return [];
  return Array.isArray(opened) ? opened : [opened];
}

/** Returns a reader of a dotted path; without a path, it returns the item itself. */
function reader(path: unknown, meter: Meter): (item: unknown) => unknown {
  const opened = plain(path);
  if (isMissing(opened)) return (item) => item;
  const text = toText(opened, meter);
  const names = text.split(".");
  return (item) => {
    meter.spend(1 + text.length);
    return names.reduce(partOf, item);
  };
}

/**
 * Returns a test whether the value at a path equals the expected one; without an expected value, whether it exists and
 * is not false.
 */
function tester(args: readonly unknown[], meter: Meter): (item: unknown) => boolean {
  const read = reader(args[0], meter);
  const expected = plain(args[1]);
  if (args.length > 1) {
    return (item) => {
      const value = read(item) ?? null;
      return value instanceof Digits ? value.equals(expected) : value === (expected ?? null);
    };
  }
  return (item) => {
    const value = plain(read(item));
    return value !== false && !isMissing(value);
  };
}

function compare(left: unknown, right: unknown, meter: Meter): number {
  if (typeof left === "string" && typeof right === "string") {
    meter.spend(1 + Math.min(left.length, right.length) / 8);
    if (left === right) return 0;
    return left < right ? -1 : 1;
  }
  meter.spend(1);
  if (left instanceof Digits && rank(right) === 0) return Number(left.gt(right)) - Number(left.lt(right));
  if (right instanceof Digits && rank(left) === 0) return Number(right.lt(left)) - Number(right.gt(left));
  if (typeof left === "number" && typeof right === "number") return left - right;
  return rank(left) - rank(right);
}

function rank(value: unknown): number {
  if (typeof value === "number" || value instanceof Digits) return 0;
  return typeof value === "string" ? 1 : 2;
}

function sortBy(items: readonly unknown[], meter: Meter, keyOf: (item: unknown) => unknown): unknown[] {
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .toSorted((left, right) => compare(left.key, right.key, meter))
    .map(({ item }) => item);
}

function sentence(items: readonly unknown[], meter: Meter, args: readonly unknown[]): string {
  const texts = items.map((item) => toText(item, meter));
  const connector = args.length > 0 ? toText(args[0], meter) : "and";
  const last = texts.pop() ?? "";
  if (texts.length === 0) return last;
  return `${texts.join(", ")}${texts.length > 1 ? "," : ""} ${connector} ${last}`;
}

/** Numbers that a double cannot hold are equal if their digits are. */
function uniqueOf(items: readonly unknown[]): unknown[] {
  const digits = new Set<string>();
  return [...new Set(items)].filter((item) => {
    if (!(item instanceof Digits)) return true;
    const isNew = !digits.has(String(item));
    digits.add(String(item));
    return isNew;
  });
}

const LIST_FILTERS: Readonly<Record<string, ListFilter>> = {
  array_to_sentence_string: sentence,
  compact: (items) => items.filter((item) => !isMissing(plain(item))),
  concat: (items, meter, [more]) => {
    const added = listOf(more);
    meter.spend(added.length);
    return [...items, ...added];
  },
  find: (items, meter, args) => items.find(tester(args, meter)),
  find_index: (items, meter, args) => {
    const index = items.findIndex(tester(args, meter));
    return index === -1 ? null : index;
  },
  has: (items, meter, args) => items.some(tester(args, meter)),
  join: (items, meter, args) => {
    const separator = args.length > 0 ? toText(args[0], meter) : " ";
    meter.spend(separator.length * items.length);
    return items.map((item) => toText(item, meter)).join(separator);
  },
  map: (items, meter, [path]) => items.map(reader(path, meter)),
  reject: (items, meter, args) => {
    const test = tester(args, meter);
    return items.filter((item) => !test(item));
  },
  reverse: (items) => items.toReversed(),
  sort: (items, meter, [path]) => sortBy(items, meter, reader(path, meter)),
  sort_natural: (items, meter, [path]) => {
    const read = reader(path, meter);
    return sortBy(items, meter, (item) => toText(read(item), meter).toLowerCase());
  },
  sum: (items, meter, [path]) => sumOf(items.map(reader(path, meter))),
  uniq: uniqueOf,
  where: (items, meter, args) => items.filter(tester(args, meter)),
};

/** Returns the list filters by name, as LiquidJS takes them. */
export function listFilters(): [string, (this: Self, value: unknown, ...args: unknown[]) => unknown][] {
  return Object.entries(LIST_FILTERS).map(([name, filter]) => [
    name,
    function runListFilter(value, ...args) {
      const meter = meterOf(this.context);
      const items = listOf(value);
      meter.spend(items.length);
      return filter(items, meter, args);
    },
  ]);
}
