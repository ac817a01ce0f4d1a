import { Budget, BudgetExceeded } from "../model/budget.ts";
import { type Json, type JsonObject, isJsonObject, isList } from "../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../model/result.ts";
import type { Compiler, Condition } from "./condition.ts";
import { OPERATORS } from "./operators.ts";
import { pathOf } from "./paths.ts";

const MAX_DEPTH = 20;
const MAX_VALUES = 1_000;
const MAX_PATH = 256;
const MAX_SEGMENTS = 20;
const MAX_PATTERN_INSTRUCTIONS = 5_000;
const MAX_WORK = 1_000_000;
const LOGICAL = ["$and", "$or", "$nor"] as const;

class CompiledFilter {
  readonly #condition: Condition;

  constructor(condition: Condition) {
    this.#condition = condition;
  }

  static holds(filter: CompiledFilter, document: JsonObject, budget: Budget): boolean {
    return filter.#condition(document, [], budget);
  }
}

/** A compiled filter. Get one from `parseFilter` and pass it to `matches`. */
export type Filter = CompiledFilter;

function join(at: string, part: string | number): string {
  if (typeof part === "number") return `${at}[${part}]`;
  const name = part.slice(0, MAX_PATH);
  return at === "" ? name : `${at}.${name}`;
}

/** Returns why a value is too large or not JSON; null if it is fine. */
function measure(value: unknown, left: { values: number }, depth: number): string | null {
  left.values -= 1;
  if (left.values < 0) return `must contain at most ${MAX_VALUES} values`;
  if (depth > MAX_DEPTH) return `must nest at most ${MAX_DEPTH} levels deep`;
  if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) {
      const fault = measure(item, left, depth + 1);
      if (fault !== null) return fault;
    }
    return null;
  }
  return value === null || ["string", "number", "boolean"].includes(typeof value) ? null : "must be JSON";
}

function createCompiler(errors: FieldError[], patterns: Budget): Compiler {
  const refuse = (path: string, message: string): Condition => {
    errors.push({ path, message });
    return () => false;
  };

  const allOf = (conditions: readonly Condition[]): Condition =>
    conditions.length === 1 && conditions[0] !== undefined
      ? conditions[0]
      : (document, path, budget) => conditions.every((condition) => condition(document, path, budget));

  const condition = (value: Json, at: string): Condition => {
    const entries = isJsonObject(value) ? Object.entries(value) : [];
    if (!isJsonObject(value) || !entries.some(([name]) => name.startsWith("$"))) {
      return operatorOf("$eq", value, at, {});
    }
    return allOf(entries.map(([name, operand]) => operatorOf(name, operand, join(at, name), value)));
  };

  const operatorOf = (name: string, operand: Json, at: string, beside: JsonObject): Condition => {
    const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (operator !== undefined) return operator(operand, at, compiler, beside);
    const message = name.startsWith("$") ? "is not an operator that is known here" : "is a field among operators";
    return refuse(at, message);
  };

  const logical = (name: (typeof LOGICAL)[number], operand: Json, at: string): Condition => {
    if (!isList(operand) || operand.length === 0) return refuse(at, "must be a list of filters that is not empty");
    const parts = operand.map((part, index) => query(part, join(at, index)));
    switch (name) {
      case "$and":
        return allOf(parts);
      case "$or":
        return (document, path, budget) => parts.some((part) => part(document, path, budget));
      case "$nor":
        return (document, path, budget) => !parts.some((part) => part(document, path, budget));
    }
  };

  const field = (name: string, value: Json, at: string): Condition => {
    if (name.startsWith("$")) return refuse(at, "is not an operator that is known here");
    const path = pathOf(name);
    if (name.length > MAX_PATH || path.length > MAX_SEGMENTS) return refuse(at, "is too long a path");
    if (path.some((segment) => segment.name === "")) return refuse(at, "is not a path: a part of it is empty");
    const compiled = condition(value, at);
    return (document, _path, budget) => compiled(document, path, budget);
  };

  const query = (value: Json, at: string): Condition => {
    if (!isJsonObject(value)) return refuse(at, "must be a map");
    const parts = Object.entries(value).map(([name, compiled]) => {
      const partAt = join(at, name);
      const operator = LOGICAL.find((known) => known === name);
      return operator === undefined ? field(name, compiled, partAt) : logical(operator, compiled, partAt);
    });
    return allOf(parts);
  };

  const compiler: Compiler = { patterns, refuse, condition, query };
  return compiler;
}

function isJson(value: unknown, fault: string | null): value is Json {
  return fault === null && value !== undefined;
}

/**
 * Checks and compiles a MongoDB-style filter. The errors have paths such as `$or[1].log.data.status.$regex`. A compiled
 * filter cannot fail later. The patterns of several filters can share a budget.
 */
export function parseFilter(
  value: unknown,
  patterns: Budget = new Budget("instructions of patterns", MAX_PATTERN_INSTRUCTIONS),
): Result<Filter, readonly FieldError[]> {
  const fault = measure(value, { values: MAX_VALUES }, 0);
  if (!isJson(value, fault)) return fail([{ path: "", message: fault ?? "must be a map" }]);
  const errors: FieldError[] = [];
  const condition = createCompiler(errors, patterns).query(value, "");
  return errors.length > 0 ? fail(errors) : ok(new CompiledFilter(condition));
}

/**
 * Returns whether a document passes a filter. A filter that costs more than the budget has left does not match, and the
 * budget is exceeded. Several filters can share a budget.
 */
export function matches(filter: Filter, document: JsonObject, budget = new Budget("filter work", MAX_WORK)): boolean {
  if (budget.isExceeded) return false;
  try {
    return CompiledFilter.holds(filter, document, budget);
  } catch (error) {
    if (error instanceof BudgetExceeded) return false;
    throw error;
  }
}
