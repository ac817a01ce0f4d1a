import { type FilterImplOptions, filters } from "liquidjs";
import { meterOf } from "./context.ts";
import type { Meter } from "./meter.ts";
import { OWN_FILTERS } from "./own-filters.ts";
import { plain, searchCost, toText } from "./text.ts";
import { calculateWhole } from "./whole-numbers.ts";

/** A filter as LiquidJS takes it. */
export type Handler = Extract<FilterImplOptions, (...args: never[]) => unknown>;
type NamedFilter = readonly [name: string, filter: Handler];

const MAX_DATE = 100;
const MAX_FORMAT = 100;
const COST_OF_DATE = 4_000;
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
    const whole = calculateWhole(name, value, args.map(plain));
    if (whole !== null) return whole;
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
    ...Object.entries(OWN_FILTERS),
    ["default", handlerOf("default")],
  ];
}
