import { isNumber } from "./digits.ts";
import { parseExact } from "./exact-json.ts";
import { type Json, valueAt } from "./json.ts";

// Values of responses that later requests about the same alert use, such as the key of a ticket.

/** The most values that one request captures. */
export const MAX_CAPTURED = 10;
/** A longer value is not captured: the beginning of an id is another id. In characters. */
const MAX_CAPTURED_CHARACTERS = 1_000;

/** What to capture from a response: by name, the dotted path of a value in its JSON. */
export type Capture = Readonly<Record<string, string>>;

/** Captured values by name. */
export type Captured = Readonly<Record<string, string>>;

export const NOTHING_CAPTURED: Captured = {};

function textOf(value: Json | undefined): string | null {
  const text = typeof value === "boolean" || isNumber(value) ? String(value) : value;
  if (typeof text !== "string" || text === "" || text.length > MAX_CAPTURED_CHARACTERS) return null;
  return text.isWellFormed() ? text : null;
}

function parsed(text: string): Json | undefined {
  try {
    return parseExact(text);
  } catch {
    return undefined;
  }
}

/** Returns the values of a response, with all digits of its numbers. What is no text, number or boolean is left out. */
export function captureFrom(response: string, capture: Capture): Captured {
  const json = parsed(response);
  const found = Object.entries(capture).flatMap(([name, path]) => {
    const value = textOf(valueAt(json, path));
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** Returns whether nothing was captured. */
export function isNothing(captured: Captured): boolean {
  return Object.keys(captured).length === 0;
}
