import { type Context, type FilterImplOptions, filters } from "liquidjs";
import { meterOf } from "./context.ts";
import type { Meter } from "./meter.ts";
import { plain, searchCost, toJson, toText } from "./text.ts";

type Handler = Extract<FilterImplOptions, (...args: never[]) => unknown>;
type Self = { readonly context: Context };
type NamedFilter = readonly [name: string, filter: Handler];

const MAX_DATE = 100;
const MAX_FORMAT = 100;
const COST_OF_DATE = 4_000;
const MAX_INDENT = 8;
const SLOTS_OF_FORMAT = /%/g;

const ON_TEXT = [
  "escape",
  "xml_escape",
  "escape_once",
  "newline_to_br",
  "strip_html",
  "url_encode",
  "cgi_escape",
  "uri_escape",
  "append",
  "prepend",
  "lstrip",
  "rstrip",
  "strip",
  "strip_newlines",
  "squish",
  "normalize_whitespace",
  "downcase",
  "upcase",
  "capitalize",
  "truncate",
  "truncatewords",
  "number_of_words",
  "base64_encode",
  "base64_decode",
] as const;

const THAT_SEARCH = [
  "remove",
  "remove_first",
  "remove_last",
  "replace",
  "replace_first",
  "replace_last",
  "split",
] as const;

const ON_NUMBERS = [
  "abs",
  "at_least",
  "at_most",
  "ceil",
  "divided_by",
  "floor",
  "minus",
  "modulo",
  "plus",
  "round",
  "times",
  "to_integer",
] as const;

const ON_DATES = ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"] as const;

function handlerOf(name: string): Handler {
  const filter = filters[name];
  if (filter === undefined) throw new TypeError(`LiquidJS has no filter ${name}`);
  return typeof filter === "function" ? filter : filter.handler;
}

/** Returns numbers and booleans unchanged, because `truncate` and `divided_by` need them; any other value as text. */
function scalar(value: unknown, meter: Meter): unknown {
  const opened = plain(value);
  return typeof opened === "number" || typeof opened === "boolean" ? opened : toText(opened, meter);
}

function onText(name: string): Handler {
  const handler = handlerOf(name);
  return function filterText(value: unknown, ...args: unknown[]): unknown {
    const meter = meterOf(this.context);
    const text = toText(value, meter).toWellFormed();
    return handler.call(this, text, ...args.map((arg) => scalar(arg, meter)));
  };
}

function thatSearches(name: string): Handler {
  const handler = handlerOf(name);
  return function searchText(value: unknown, ...args: unknown[]): unknown {
    const meter = meterOf(this.context);
    const text = toText(value, meter);
    const texts = args.map((arg) => toText(arg, meter));
    meter.spend(searchCost(text, texts[0] ?? ""));
    return handler.call(this, text, ...texts);
  };
}

function onNumbers(name: string): Handler {
  const handler = handlerOf(name);
  return function calculate(value: unknown, ...args: unknown[]): unknown {
    const meter = meterOf(this.context);
    return handler.call(this, scalar(value, meter), ...args.map((arg) => scalar(arg, meter)));
  };
}

function onDates(name: string): Handler {
  const handler = handlerOf(name);
  return function formatDate(value: unknown, ...args: unknown[]): unknown {
    const meter = meterOf(this.context);
    if (typeof value !== "number" && typeof value !== "string") return value;
    // A template always renders to the same text, so that it has no "now".
    if (typeof value === "string" && (value.length > MAX_DATE || ["now", "today"].includes(value))) return value;
    const given = args.map((arg) => scalar(arg, meter));
    const [format] = given;
    const slots = typeof format === "string" ? (format.match(SLOTS_OF_FORMAT)?.length ?? 0) : 1;
    // LiquidJS parses formats with a pattern that is slow on long runs of zeros. The names of the locale cost the most.
    if (typeof format === "string" && format.length > MAX_FORMAT) {
      meter.refuse(`a date format has more than ${MAX_FORMAT} characters.`);
    }
    meter.spend(COST_OF_DATE * (1 + slots));
    return handler.call(this, value, ...given);
  };
}

function toJsonFilter(this: Self, value: unknown, space: unknown = 0): string {
  const width = Math.min(MAX_INDENT, Math.max(0, Math.trunc(Number(plain(space))) || 0));
  return toJson(value, meterOf(this.context), width);
}

function decodeUrl(this: Self, value: unknown): string {
  const text = toText(value, meterOf(this.context));
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

function slice(this: Self, value: unknown, begin: unknown, length: unknown = 1): unknown {
  const meter = meterOf(this.context);
  const opened = plain(value);
  const items = Array.isArray(opened) ? opened : Array.from(toText(opened, meter));
  meter.spend(items.length);
  const from = Math.trunc(Number(plain(begin)));
  const start = from < 0 ? items.length + from : from;
  const count = Math.trunc(Number(plain(length)));
  const kept: unknown[] = start >= 0 && count > 0 ? items.slice(start, start + count) : [];
  return Array.isArray(opened) ? kept : kept.join("");
}

function itemAt(value: unknown, index: number): unknown {
  const opened = plain(value);
  return Array.isArray(opened) || typeof opened === "string" ? opened.at(index) : undefined;
}

function sizeOf(value: unknown): number {
  const opened = plain(value);
  return Array.isArray(opened) || typeof opened === "string" ? opened.length : 0;
}

/**
 * Returns the filters over texts, numbers and dates by name: LiquidJS's own, but their arguments are unwrapped and paid
 * for first.
 */
export function textFilters(): NamedFilter[] {
  return [
    ...ON_TEXT.map((name): NamedFilter => [name, onText(name)]),
    ...THAT_SEARCH.map((name): NamedFilter => [name, thatSearches(name)]),
    ...ON_NUMBERS.map((name): NamedFilter => [name, onNumbers(name)]),
    ...ON_DATES.map((name): NamedFilter => [name, onDates(name)]),
    ["json", toJsonFilter],
    ["jsonify", toJsonFilter],
    ["url_decode", decodeUrl],
    ["slice", slice],
    ["first", (value: unknown) => itemAt(value, 0)],
    ["last", (value: unknown) => itemAt(value, -1)],
    ["size", sizeOf],
    ["default", handlerOf("default")],
  ];
}
