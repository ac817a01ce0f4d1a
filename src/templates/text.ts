import { Drop } from "liquidjs";
import type { Meter } from "./meter.ts";

/** What separates the items of a list that a template writes. Liquid itself would write nothing between them. */
const SEPARATOR = ", ";

/** Returns the plain value: LiquidJS wraps `nil`, `empty` and `forloop` in drops. */
export function plain(value: unknown): unknown {
  if (!(value instanceof Drop)) return value;
  const opened: unknown = value.valueOf();
  return typeof opened === "object" ? null : opened;
}

function spendJson(value: unknown, meter: Meter, space: number, indent: number): void {
  meter.spend(4 + indent);
  if (typeof value === "string") meter.spend(value.length);
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) spendJson(item, meter, space, indent + space);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    meter.spend(name.length);
    spendJson(item, meter, space, indent + space);
  }
}

/** Returns the JSON of a value. A missing value is `null`, so that the result is always JSON. */
export function toJson(value: unknown, meter: Meter, space = 0): string {
  const opened = plain(value) ?? null;
  spendJson(opened, meter, space, 0);
  return JSON.stringify(opened, null, space);
}

/**
 * Returns the text that a template writes for a value: a list with commas, a map as JSON, a missing value as an empty
 * text.
 */
export function toText(value: unknown, meter: Meter): string {
  const opened = plain(value);
  if (typeof opened === "string") {
    meter.spend(opened.length);
    return opened;
  }
  if (typeof opened === "number" || typeof opened === "boolean") return String(opened);
  if (typeof opened !== "object" || opened === null) return "";
  if (!Array.isArray(opened)) return toJson(opened, meter);
  meter.spend(opened.length);
  return opened.map((item) => toText(item, meter)).join(SEPARATOR);
}

/** Returns the cost of searching for one text in another, which is not linear in the worst case. */
export function searchCost(text: string, sought: string): number {
  return text.length * (1 + sought.length / 64);
}
