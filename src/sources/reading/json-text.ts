import type { Json } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";

/** Deeper nesting is refused, because later code may walk a payload by recursion. */
const MAX_DEPTH = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Returns the position of the quote that ends a string; -1 if there is none. */
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
      if (depth > MAX_DEPTH) return true;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
  return false;
}

/** Describes where JSON is invalid. The engine's own message would quote the body. */
function describe(error: SyntaxError): string {
  const position = /in JSON at position \d+ \((line \d+ column \d+)\)$/.exec(error.message)?.[1];
  if (position !== undefined) return `The body is not valid JSON: it breaks at ${position}.`;
  return error.message === "Unexpected end of JSON input"
    ? "The body is not valid JSON: it ends too early."
    : "The body is not valid JSON.";
}

/** Parses JSON from an untrusted sender. The error is a sentence for the sender. */
export function parseJson(text: string): Result<Json, string> {
  if (nestsTooDeep(text)) return fail(`The body nests lists and maps more than ${MAX_DEPTH} deep.`);
  try {
    const value: Json = JSON.parse(text);
    return ok(value);
  } catch (error) {
    if (error instanceof SyntaxError) return fail(describe(error));
    throw error;
  }
}
