import type * as z from "zod/mini";
import { describeIssue } from "../model/field-message.ts";
import { type FieldError, MAX_ERRORS, type Result, fail, ok } from "../model/result.ts";

const MAX_NAME = 200;
const READ_ONLY = new Set([
  "id",
  "url",
  "created_at",
  "updated_at",
  "disabled_reason",
  "health",
  "signing_secret",
  "managed_by",
  "version",
  "signing_overlap_ends_at",
]);

function join(path: string, part: PropertyKey): string {
  if (typeof part === "number") return `${path}[${part}]`;
  const name = String(part).slice(0, MAX_NAME);
  return path === "" ? name : `${path}.${name}`;
}

function fromIssue(issue: z.core.$ZodIssue, at: string): FieldError[] {
  const path = issue.path.reduce<string>(join, at);
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  return issue.keys.slice(0, MAX_ERRORS).map((key) => ({
    path: join(path, key),
    message: path === "" && READ_ONLY.has(key) ? "is read-only" : "is not known here",
  }));
}

/** Checks a value against a schema. Errors have paths such as `auth.token` or `destination_ids[0]`. */
export function check<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  at = "",
): Result<z.output<Schema>, readonly FieldError[]> {
  const parsed = schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return ok(parsed.data);
  const issues = parsed.error.issues.slice(0, MAX_ERRORS);
  return fail(issues.flatMap((issue) => fromIssue(issue, at)).slice(0, MAX_ERRORS));
}

/** The errors of several results; null stands for a result that was not needed. */
export function errorsOf(
  ...results: readonly (Result<unknown, readonly FieldError[]> | null)[]
): readonly FieldError[] {
  return results.flatMap((result) => (result === null || result.ok ? [] : result.error));
}
