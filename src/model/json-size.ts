const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const COMMA = 0x2c;

/** How much a JSON text holds. Both numbers are exact up to the limits at which the count stops. */
export type JsonLimits = { readonly max_depth: number; readonly max_values: number };

/** `values`: maps, lists and the values in them. The keys of a map do not count. */
export type JsonMeasure = { readonly values: number; readonly exceeds: "depth" | "values" | null };

/** Returns the position of the quote that ends a string; -1 if there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}

function isOpening(code: number): boolean {
  return code === 0x5b || code === 0x7b;
}

function isClosing(code: number): boolean {
  return code === 0x5d || code === 0x7d;
}

/**
 * Measures a JSON text without parsing it: a parsed value takes up to a hundred times the memory of its text. Stops at
 * the first limit that the text exceeds. The result for a text that is not JSON means nothing.
 */
export function measureJson(text: string, { max_depth, max_values }: JsonLimits): JsonMeasure {
  let depth = 0;
  // Each comma precedes a value, and so does the bracket of a list or map that is not empty.
  let values = 1;
  let last = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= SPACE) continue;
    if (code === QUOTE) {
      i = endOfString(text, i);
      if (i === -1) break;
    } else if (isOpening(code)) {
      depth += 1;
      if (depth > max_depth) return { values, exceeds: "depth" };
    } else if (isClosing(code)) {
      depth -= 1;
      if (!isOpening(last)) values += 1;
    } else if (code === COMMA) {
      values += 1;
    }
    if (values > max_values) return { values, exceeds: "values" };
    last = code;
  }
  return { values, exceeds: null };
}
