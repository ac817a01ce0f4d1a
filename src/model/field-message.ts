import type * as z from "zod/mini";

// Zod's own messages name its types and what it "received". These complete the sentence "The field …".

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

const FORMS: Readonly<Record<string, string>> = {
  datetime: "an ISO 8601 time, such as 2026-01-31T12:00:00Z",
  url: "a URL",
  email: "an email address",
};

/** The units of what a bound counts, by what it is a bound of. A number has none. */
const UNITS: Readonly<Record<string, string>> = { string: "character", array: "item", record: "entry", map: "entry" };

function amount(origin: string, bound: number | bigint): string {
  const unit = UNITS[origin];
  if (unit === undefined) return String(bound);
  const plural = unit.endsWith("y") ? `${unit.slice(0, -1)}ies` : `${unit}s`;
  return `${bound} ${Number(bound) === 1 ? unit : plural}`;
}

function bounded(origin: string, bound: number | bigint, side: "least" | "most", isInclusive: boolean): string {
  if (UNITS[origin] !== undefined) return `must have at ${side} ${amount(origin, bound)}`;
  if (isInclusive) return `must be at ${side} ${bound}`;
  return side === "least" ? `must be more than ${bound}` : `must be less than ${bound}`;
}

function listed(values: readonly unknown[]): string {
  const shown = values.map((value) => (typeof value === "string" ? `"${value}"` : String(value)));
  return shown.length === 1 ? `must be ${shown.join("")}` : `must be one of ${shown.join(", ")}`;
}

/** Returns what is wrong with a value, for an issue whose schema has no message of its own. */
export function describeIssue(issue: z.core.$ZodRawIssue): string {
  if (issue.input === undefined) return "is required";
  switch (issue.code) {
    case "invalid_type":
      return `must be ${TYPES[issue.expected] ?? "of another type"}`;
    case "invalid_value":
      return listed(issue.values);
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "must not be empty";
      return bounded(issue.origin, issue.minimum, "least", issue.inclusive !== false);
    case "too_big":
      return bounded(issue.origin, issue.maximum, "most", issue.inclusive !== false);
    case "invalid_format":
      return `must be ${FORMS[issue.format] ?? "in the form that is documented"}`;
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return "is not known here";
    case "invalid_key":
      return "has a name that is not allowed";
    case "invalid_union":
    case "invalid_element":
    case "custom":
      return "does not have one of the documented forms";
  }
}
