import { Digits } from "./digits.ts";
import type { Json } from "./json.ts";

/** Parses JSON. `read` replaces each number, given its value and its source text. */
function parseNumbers(text: string, read: (value: number, source: string) => unknown): Json {
  const revive = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === "number" ? read(value, context?.source ?? String(value)) : value;
  const parsed: Json = JSON.parse(text, revive);
  return parsed;
}

const WHOLE = /^-?\d+$/;
/** Matches within every number that has more digits than a double, or is too large for one. */
const LONG = /\d{16}|\de\+?\d{3}/i;

/** Returns whether a JSON text may contain a number that a double cannot hold. */
export function mayBeLong(text: string): boolean {
  return LONG.test(text);
}

/** Returns a number, or its digits if it is a whole number that a double cannot hold, or too large for one. */
export function exactNumber(value: number, source: string): number | Digits {
  const isRounded = !Number.isSafeInteger(value) && (WHOLE.test(source) || !Number.isFinite(value));
  return isRounded ? new Digits(source) : value;
}

function revive(_name: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === "number" ? exactNumber(value, context?.source ?? String(value)) : value;
}

/** Parses JSON as the type that the caller names, and keeps every digit. Throws a SyntaxError if the text is no JSON. */
export function parseExactAs<T>(text: string): T {
  // A reviver makes parsing several times as slow.
  const value: T = mayBeLong(text) ? JSON.parse(text, revive) : JSON.parse(text);
  return value;
}

/** Parses JSON so that writing it again keeps every digit. Throws a SyntaxError if the text is no JSON. */
export function parseExact(text: string): Json {
  return parseExactAs<Json>(text);
}

/** Parses JSON with every number as the text that the sender wrote. Throws a SyntaxError if the text is no JSON. */
export function parseNumbersAsTexts(text: string): Json {
  return parseNumbers(text, (_value, source) => source);
}
