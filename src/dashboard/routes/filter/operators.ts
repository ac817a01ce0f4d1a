import { isNumber } from "../../../model/digits.ts";
import type { Json, JsonObject } from "../../../model/json.ts";
import { isJsonObject } from "../../../model/json.ts";
import { escapePattern, literalOf } from "./pattern-text.ts";

/** The operators that the builder offers, in the order of its list. */
export const OPERATORS = [
  { value: "is", label: "is" },
  { value: "is_not", label: "is not" },
  { value: "in", label: "is one of" },
  { value: "not_in", label: "is none of" },
  { value: "contains", label: "contains" },
  { value: "not_contains", label: "does not contain" },
  { value: "starts_with", label: "starts with" },
  { value: "ends_with", label: "ends with" },
  { value: "matches", label: "matches the pattern" },
  { value: "greater", label: "is greater than" },
  { value: "at_least", label: "is at least" },
  { value: "less", label: "is less than" },
  { value: "at_most", label: "is at most" },
  { value: "exists", label: "exists" },
  { value: "missing", label: "does not exist" },
] as const;

export type OperatorName = (typeof OPERATORS)[number]["value"];

/** A number may have more digits than a double: see `isNumber`. */
export type Scalar = string | number | boolean | null;

/** A condition as the builder shows it. The values of `exists` and `missing` are ignored. */
export type Test = {
  readonly operator: OperatorName;
  readonly value: Scalar;
  /** The values of `in` and `not_in`. */
  readonly values: readonly Scalar[];
  /** For operators over texts. */
  readonly ignoresCase: boolean;
};

export const TEXT_OPERATORS: readonly OperatorName[] = [
  "contains",
  "not_contains",
  "starts_with",
  "ends_with",
  "matches",
];
export const LIST_OPERATORS: readonly OperatorName[] = ["in", "not_in"];
export const VALUELESS_OPERATORS: readonly OperatorName[] = ["exists", "missing"];

export function isScalar(value: Json): value is Scalar {
  return value === null || typeof value !== "object" || isNumber(value);
}

const COMPARISONS = {
  $eq: "is",
  $ne: "is_not",
  $gt: "greater",
  $gte: "at_least",
  $lt: "less",
  $lte: "at_most",
} as const satisfies Readonly<Record<string, OperatorName>>;

function isComparison(name: string): name is keyof typeof COMPARISONS {
  return Object.hasOwn(COMPARISONS, name);
}

const EMPTY = { value: "", values: [], ignoresCase: false } as const;

function readPattern(pattern: string, ignoresCase: boolean): Test {
  const literal = literalOf(pattern);
  if (literal === null) return { ...EMPTY, operator: "matches", value: pattern, ignoresCase };
  const { text, place } = literal;
  return { ...EMPTY, operator: place, value: text, ignoresCase };
}

/** Reads `$regex` with its `$options`; null if the builder has no words for it. */
function readRegex({ $regex, $options = "", ...others }: JsonObject): Test | null {
  if (typeof $regex !== "string" || Object.keys(others).length > 0) return null;
  return $options === "" || $options === "i" ? readPattern($regex, $options === "i") : null;
}

function readOperator(name: string, operand: Json): Test | null {
  if (isComparison(name)) return isScalar(operand) ? { ...EMPTY, operator: COMPARISONS[name], value: operand } : null;
  switch (name) {
    case "$in":
    case "$nin": {
      if (!Array.isArray(operand) || !operand.every(isScalar)) return null;
      return { ...EMPTY, operator: name === "$in" ? "in" : "not_in", values: operand };
    }
    case "$exists":
      return typeof operand === "boolean" ? { ...EMPTY, operator: operand ? "exists" : "missing" } : null;
    case "$not": {
      const negated = isJsonObject(operand) ? readRegex(operand) : null;
      return negated?.operator === "contains" ? { ...negated, operator: "not_contains" } : null;
    }
    default:
      return null;
  }
}

/** Reads what a filter says about a path: one test for each operator; null if the builder has no words for one of them. */
export function readTests(spec: Json): readonly Test[] | null {
  if (isScalar(spec)) return [{ ...EMPTY, operator: "is", value: spec }];
  if (!isJsonObject(spec)) return null;
  const { $regex, $options, ...others } = spec;
  const names = Object.keys(others);
  if (names.length === 0 && $regex === undefined) return null;
  const tests: Test[] = [];
  for (const name of names) {
    const test = readOperator(name, others[name] ?? null);
    if (test === null) return null;
    tests.push(test);
  }
  if ($regex === undefined) return $options === undefined ? tests : null;
  const regex = readRegex({ $regex, ...($options === undefined ? {} : { $options }) });
  return regex === null ? null : [...tests, regex];
}

function regexOf(pattern: string, { ignoresCase }: Test): JsonObject {
  return { $regex: pattern, ...(ignoresCase ? { $options: "i" } : {}) };
}

/** Writes a test as what a filter says about a path. */
export function writeTest(test: Test): Json {
  const { operator, value, values } = test;
  const text = String(value ?? "");
  switch (operator) {
    case "is":
      return value;
    case "is_not":
      return { $ne: value };
    case "in":
      return { $in: [...values] };
    case "not_in":
      return { $nin: [...values] };
    case "greater":
      return { $gt: value };
    case "at_least":
      return { $gte: value };
    case "less":
      return { $lt: value };
    case "at_most":
      return { $lte: value };
    case "exists":
      return { $exists: true };
    case "missing":
      return { $exists: false };
    case "contains":
      return regexOf(escapePattern(text), test);
    case "not_contains":
      return { $not: regexOf(escapePattern(text), test) };
    case "starts_with":
      return regexOf(`^${escapePattern(text)}`, test);
    case "ends_with":
      return regexOf(`${escapePattern(text)}$`, test);
    case "matches":
      return regexOf(text, test);
  }
}
