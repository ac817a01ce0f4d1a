import type { Json } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";

/** Deeper nesting is refused: what walks a payload later may do so by recursion. */
const DEEPEST = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The position of the quote that ends a string, or -1 where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return -1;
}

function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i);
      if (i === -1) return false;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}

/** Tells where JSON breaks. The engine's own message would quote the body. */
function describe(error: SyntaxError): string {
  const place = /in JSON at position \d+ \((line \d+ column \d+)\)$/.exec(error.message)?.[1];
  if (place !== undefined) return `The body is not valid JSON: it breaks at ${place}.`;
  return error.message === "Unexpected end of JSON input"
    ? "The body is not valid JSON: it ends too early."
    : "The body is not valid JSON.";
}

/** Parses JSON from a stranger; the error is a sentence for the sender. */
export function parseJson(text: string): Result<Json, string> {
  if (nestsTooDeep(text)) return fail(`The body nests lists and maps more than ${DEEPEST} deep.`);
  try {
    const value: Json = JSON.parse(text);
    return ok(value);
  } catch (error) {
    if (error instanceof SyntaxError) return fail(describe(error));
    throw error;
  }
}
