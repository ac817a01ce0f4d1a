import type { Json } from "../../model/json.ts";
import { measureJson } from "../../model/json-size.ts";
import { type Result, fail, ok } from "../../model/result.ts";

/** Deeper nesting is refused, because later code may walk a payload by recursion. */
export const MAX_DEPTH = 100;
/** More values are refused: even empty maps take some 80 bytes each once they are parsed. */
export const MAX_VALUES = 1_000_000;

/** Describes where JSON is invalid. The engine's own message would quote the body. */
function describe(error: SyntaxError): string {
  const position = /in JSON at position \d+ \((line \d+ column \d+)\)$/.exec(error.message)?.[1];
  if (position !== undefined) return `The body is not valid JSON: it breaks at ${position}.`;
  return error.message === "Unexpected end of JSON input"
    ? "The body is not valid JSON: it ends too early."
    : "The body is not valid JSON.";
}

/** Parses JSON from an untrusted sender. The error is a sentence for the sender. */
export function parseJson(text: string, parse: (text: string) => Json = JSON.parse): Result<Json, string> {
  const { exceeds } = measureJson(text, { max_depth: MAX_DEPTH, max_values: MAX_VALUES });
  if (exceeds === "depth") return fail(`The body nests lists and maps more than ${MAX_DEPTH} deep.`);
  if (exceeds === "values") return fail(`The body contains more than ${MAX_VALUES} values.`);
  try {
    return ok(parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return fail(describe(error));
    throw error;
  }
}
