import type * as z from "zod/mini";
import type { Problem } from "../net/problem.ts";
import { readBody } from "../net/read-body.ts";
import { isJsonObject } from "../model/json.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { check } from "./field-errors.ts";
import { refuseBody } from "./problems.ts";

const MAX_BYTES = 1_000_000;

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

/** The body as text, read no further than its limit. */
export async function readBodyText(request: Request): Promise<Result<string, Problem>> {
  const bytes = await readBody(request, MAX_BYTES);
  if (!bytes.ok) {
    switch (bytes.error) {
      case "too_large":
        return fail({ status: 413, title: "The body is too large: it may have at most 1 MB." });
      case "incomplete":
        return refuseBody([{ path: "", message: "did not arrive as a whole" }]);
    }
  }
  const text = decode(bytes.value);
  return text === null ? refuseBody([{ path: "", message: "is not UTF-8 text" }]) : ok(text);
}

function parseJson(text: string): Result<unknown, string> {
  if (text.trim() === "") return fail("is empty: send a JSON object");
  try {
    return ok(JSON.parse(text));
  } catch {
    return fail("is not valid JSON");
  }
}

/** The body as a schema wants it, or the problem that names each field that is wrong. */
export function parseBody<Schema extends z.ZodMiniType>(
  text: string,
  schema: Schema,
): Result<z.output<Schema>, Problem> {
  const json = parseJson(text);
  if (!json.ok) return refuseBody([{ path: "", message: json.error }]);
  if (!isJsonObject(json.value)) return refuseBody([{ path: "", message: "has to be a JSON object" }]);
  const checked = check(schema, json.value);
  return checked.ok ? checked : refuseBody(checked.error);
}
