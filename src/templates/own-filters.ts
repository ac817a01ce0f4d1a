import type { Context } from "liquidjs";
import { meterOf } from "./context.ts";
import { plain, toJson, toText } from "./text.ts";

type Self = { readonly context: Context };

const MAX_INDENT = 8;

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

/** The filters that LiquidJS lacks, or has at a cost that nothing counts. */
export const OWN_FILTERS = {
  json: toJsonFilter,
  jsonify: toJsonFilter,
  url_decode: decodeUrl,
  slice,
  first: (value: unknown) => itemAt(value, 0),
  last: (value: unknown) => itemAt(value, -1),
  size: sizeOf,
  /** As the last filter, it keeps a value from being escaped for the format of the text. */
  raw: (value: unknown) => value,
} as const;
