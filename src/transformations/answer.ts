import * as z from "zod/mini";
import { parseExact } from "../model/exact-json.ts";
import { measureJson } from "../model/json-size.ts";
import { lazy } from "../model/lazy.ts";
import { JSON_LIMITS } from "./limits.ts";
import { TRANSFORMATION_FAULTS, type TransformationFault, type TransformationRun } from "./run.ts";

const answer = lazy(() =>
  z.union([
    z.object({
      ok: z.literal(true),
      value: z.string(),
      logs: z.array(z.string()),
      cpu_ms: z.nullable(z.number()),
    }),
    z.object({
      ok: z.literal(false),
      fault: z.object({
        code: z.enum(TRANSFORMATION_FAULTS),
        message: z.string(),
        line: z.nullable(z.int().check(z.positive())),
      }),
      logs: z.array(z.string()),
    }),
  ]),
);

/** Returns the run that failed with a fault without a line. */
export function failed(
  code: TransformationFault["code"],
  message: string,
  logs: readonly string[] = [],
): TransformationRun {
  return { ok: false, fault: { code, message, line: null }, logs };
}

/** Reads the answer of a harness, whose value is a JSON text. The answer is untrusted: it comes from beside the user's code. */
export function readAnswer(body: unknown): TransformationRun {
  const read = answer().safeParse(body);
  if (!read.success) return failed("unavailable", "The runtime of transformations returned no result.");
  if (!read.data.ok) return read.data;
  const { value: text, logs, cpu_ms } = read.data;
  const { exceeds } = measureJson(text, JSON_LIMITS);
  if (exceeds === "depth") {
    return failed("not_json", `The result nests lists and maps more than ${JSON_LIMITS.max_depth} deep.`, logs);
  }
  if (exceeds === "values") {
    return failed("not_json", `The result contains more than ${JSON_LIMITS.max_values} values.`, logs);
  }
  try {
    return { ok: true, value: parseExact(text), logs, cpu_ms };
  } catch {
    return failed("not_json", "The result is not JSON.", logs);
  }
}
