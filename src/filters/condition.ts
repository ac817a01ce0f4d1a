import type { Budget } from "../model/budget.ts";
import { Digits } from "../model/digits.ts";
import { type Json, type JsonObject, isJsonObject, isList } from "../model/json.ts";
import { type Found, type Path, type Test, orItem, someAt } from "./paths.ts";

/** Returns whether the values at a path of a document satisfy an operator. */
export type Condition = (document: Found, path: Path, budget: Budget) => boolean;

/** Compiles the operands of operators and reports their faults. */
export type Compiler = {
  readonly patterns: Budget;
  readonly refuse: (at: string, message: string) => Condition;
  readonly condition: (value: Json, at: string) => Condition;
  readonly query: (value: Json, at: string) => Condition;
};

/** Compiles an operator's operand. `beside` is the map that contains the operator. */
export type Operator = (operand: Json, at: string, compiler: Compiler, beside: JsonObject) => Condition;

/** Returns the digits of a whole number, or a text; null for any other value. */
function digitsOf(value: unknown): string | null {
  if (typeof value === "number") return Number.isInteger(value) ? String(BigInt(value)) : null;
  if (typeof value === "string") return value;
  return value instanceof Digits ? value.toString() : null;
}

function isExact(value: unknown): boolean {
  return value instanceof Digits;
}

function isSame(value: Json, wanted: Json, budget: Budget): boolean {
  budget.spend(typeof value === "string" ? 1 + value.length / 64 : 1);
  // A number with more digits than a double is compared by its digits, also with a text that holds them.
  if (isExact(value) || isExact(wanted)) return digitsOf(value) === digitsOf(wanted);
  if (isList(value) || isList(wanted)) {
    if (!isList(value) || !isList(wanted) || value.length !== wanted.length) return false;
    return wanted.every((item, index) => isSame(value[index] ?? null, item, budget));
  }
  if (!isJsonObject(value) || !isJsonObject(wanted)) return value === wanted;
  const names = Object.keys(wanted);
  budget.spend(names.length);
  if (Object.keys(value).length !== names.length) return false;
  return names.every((name) => Object.hasOwn(value, name) && isSame(value[name] ?? null, wanted[name] ?? null, budget));
}

/** Returns a condition that holds if the test holds for a value at the path or an item of it. */
export function some(test: Test): Condition {
  const wide = orItem(test);
  return (document, path, budget) => someAt(document, path, wide, budget);
}

export function not(condition: Condition): Condition {
  return (document, path, budget) => !condition(document, path, budget);
}

export function equalTo(wanted: Json): Test {
  return (value, budget) => isSame(value ?? null, wanted, budget);
}

export function oneOf(wanted: readonly Json[]): Test {
  const tests = wanted.map(equalTo);
  return (value, budget) => tests.some((test) => test(value, budget));
}

/** Returns whether a value is a map of operators. */
export function isOperatorMap(value: Json): boolean {
  return isJsonObject(value) && Object.keys(value).some((name) => name.startsWith("$"));
}
