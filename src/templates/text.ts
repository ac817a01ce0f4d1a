import { Drop } from "liquidjs";
import type { Meter } from "./meter.ts";

/** Between the items of a list that is written as it is, where Liquid would put nothing. */
const SEPARATOR = ", ";

/** A value as the payload holds it: what LiquidJS makes of `nil`, `empty` and `forloop` is opened. */
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

/** JSON of a value; what is not there is `null`, so that a template of JSON stays JSON. */
export function toJson(value: unknown, meter: Meter, space = 0): string {
  const opened = plain(value) ?? null;
  spendJson(opened, meter, space, 0);
  return JSON.stringify(opened, null, space);
}

/** The text that a template writes for a value: lists have commas, maps are JSON, what is not there is empty. */
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

/** What it may cost to look for one text in another: the engine's search is not linear in the worst case. */
export function searchCost(text: string, sought: string): number {
  return text.length * (1 + sought.length / 64);
}
