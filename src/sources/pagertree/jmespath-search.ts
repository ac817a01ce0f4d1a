import { type JSONObject, type JSONValue, TreeInterpreter } from "@jmespath-community/jmespath";
import { Budget, BudgetExceeded } from "../../model/budget.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { BY_FUNCTIONS, type ByFunction, type Expression } from "./jmespath.ts";

// The library's interpreter has no limit, and a short expression can double a value at each step. This interpreter counts
// the values that it visits. The library still executes functions and comparisons.

/** The most items, keys and groups of four characters that one search may visit. */
const MAX_STEPS = 1_000_000;

type Call = Extract<Expression, { type: "Function" }>;
type Comparator = Extract<Expression, { type: "Comparator" }>;
type Slice = Extract<Expression, { type: "Slice" }>;

function isMap(value: JSONValue): value is JSONObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isFalse(value: JSONValue): boolean {
  if (value === null || value === false || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isMap(value)) return false;
  for (const name in value) if (Object.hasOwn(value, name)) return false;
  return true;
}

class Search {
  readonly #budget = new Budget("steps of a search", MAX_STEPS);

  spend(steps: number): void {
    this.#budget.spend(steps);
  }

  /** Pays for a whole value. A part that can be reached in several ways is paid for each time. */
  pay(value: JSONValue): void {
    if (typeof value === "string") {
      this.spend(1 + (value.length >> 2));
    } else if (Array.isArray(value)) {
      this.spend(1 + value.length);
      for (const item of value) this.pay(item);
    } else if (isMap(value)) {
      this.spend(1);
      for (const name in value) {
        this.spend(1 + (name.length >> 2));
        this.pay(value[name] ?? null);
      }
    } else {
      this.spend(1);
    }
  }

  visit(node: Expression, value: JSONValue): JSONValue {
    this.spend(1);
    switch (node.type) {
      case "Identity":
      case "Current":
        return value;
      case "Literal":
        return node.value;
      case "Field":
        return isMap(value) && Object.hasOwn(value, node.name) ? (value[node.name] ?? null) : null;
      case "Index":
        return Array.isArray(value) ? (value.at(node.value) ?? null) : null;
      case "Slice":
        return this.slice(node, value);
      case "Subexpression": {
        const left = this.visit(node.left, value);
        return left === null ? null : this.visit(node.right, left);
      }
      case "IndexExpression":
      case "Pipe":
        return this.visit(node.right, this.visit(node.left, value));
      case "Flatten":
        return this.flatten(this.visit(node.child, value));
      case "Projection":
        return this.project(this.visit(node.left, value), node.right);
      case "ValueProjection": {
        const left = this.visit(node.left, value);
        return isMap(left) ? this.project(Object.values(left), node.right) : null;
      }
      case "FilterProjection": {
        const left = this.visit(node.left, value);
        if (!Array.isArray(left)) return null;
        const kept = left.filter((item) => !isFalse(this.visit(node.condition, item)));
        return this.project(kept, node.right);
      }
      case "AndExpression": {
        const left = this.visit(node.left, value);
        return isFalse(left) ? left : this.visit(node.right, value);
      }
      case "OrExpression": {
        const left = this.visit(node.left, value);
        return isFalse(left) ? this.visit(node.right, value) : left;
      }
      case "NotExpression":
        return isFalse(this.visit(node.child, value));
      case "Comparator":
        return this.compare(node, this.visit(node.left, value), this.visit(node.right, value));
      case "MultiSelectList":
        return node.children.map((child) => this.visit(child, value));
      case "MultiSelectHash":
        return Object.fromEntries(node.children.map((child) => [child.name, this.visit(child.value, value)]));
      case "Function":
        return this.call(node, value);
      case "ExpressionReference":
      case "Arithmetic":
      case "Unary":
      case "Root":
      case "LetExpression":
      case "Binding":
      case "Variable":
      case "Ternary":
        throw new Error(`${node.type} is refused when an expression is parsed`);
    }
  }

  private project(items: JSONValue, right: Expression): JSONValue {
    if (!Array.isArray(items)) return null;
    return items.map((item) => this.visit(right, item)).filter((item) => item !== null);
  }

  private flatten(value: JSONValue): JSONValue {
    if (!Array.isArray(value)) return null;
    for (const item of value) this.spend(Array.isArray(item) ? 1 + item.length : 1);
    return value.flat();
  }

  private slice(node: Slice, value: JSONValue): JSONValue {
    if (!Array.isArray(value)) return null;
    this.spend(value.length);
    const { start, stop, step } = TreeInterpreter.computeSliceParams(value.length, node);
    return TreeInterpreter.slice(value, start, stop, step);
  }

  private compare(node: Comparator, left: JSONValue, right: JSONValue): JSONValue {
    this.pay(left);
    this.pay(right);
    const { name } = node;
    const literals = { left: { type: "Literal", value: left }, right: { type: "Literal", value: right } } as const;
    return TreeInterpreter.search({ type: "Comparator", name, ...literals }, null);
  }

  private call(node: Call, value: JSONValue): JSONValue {
    const [first, second] = node.children;
    if (node.name === "map" && first?.type === "ExpressionReference" && second !== undefined) {
      const items = this.visit(second, value);
      return Array.isArray(items) ? items.map((item) => this.visit(first.child, item)) : null;
    }
    const by = BY_FUNCTIONS.find((name) => name === node.name);
    if (by !== undefined && first !== undefined && second?.type === "ExpressionReference") {
      return this.callBy(by, this.visit(first, value), second.child);
    }
    const values = node.children.map((child) => this.visit(child, value));
    for (const argument of values) this.pay(argument);
    const [glue, parts] = values;
    if (node.name === "join" && typeof glue === "string" && Array.isArray(parts)) {
      this.spend((glue.length >> 2) * parts.length);
    }
    return TreeInterpreter.runtime.callFunction(node.name, values);
  }

  private callBy(name: ByFunction, items: JSONValue, key: Expression): JSONValue {
    if (!Array.isArray(items)) return null;
    const pairs = items.map((item) => ({ key: this.visit(key, item), item }));
    for (const pair of pairs) this.pay(pair.key);
    const field = { expref: true, type: "Field", name: "key" } as const;
    const found = TreeInterpreter.runtime.callFunction(name, [pairs, field]);
    if (!Array.isArray(found)) return isMap(found) ? (found["item"] ?? null) : null;
    return found.map((pair) => (isMap(pair) ? (pair["item"] ?? null) : null));
  }
}

/** Returns whether every result of an expression is a part of its input. */
function onlyPicks(node: Expression): boolean {
  switch (node.type) {
    case "Field":
    case "Index":
    case "Identity":
    case "Current":
      return true;
    case "Slice":
      return true;
    case "Flatten":
      return onlyPicks(node.child);
    case "Subexpression":
    case "IndexExpression":
    case "Pipe":
    case "Projection":
    case "ValueProjection":
    case "FilterProjection":
    case "OrExpression":
    case "AndExpression":
      return onlyPicks(node.left) && onlyPicks(node.right);
    case "NotExpression":
    case "Comparator":
    case "Literal":
    case "MultiSelectList":
    case "MultiSelectHash":
    case "Function":
    case "ExpressionReference":
    case "Arithmetic":
    case "Unary":
    case "Root":
    case "LetExpression":
    case "Binding":
    case "Variable":
    case "Ternary":
      return false;
  }
}

/** Evaluates a parsed expression within a budget. The error says why it has no result. */
export function search(expression: Expression, value: JSONValue): Result<JSONValue, string> {
  const run = new Search();
  try {
    const found = run.visit(expression, value);
    if (!onlyPicks(expression)) run.pay(found);
    return ok(found);
  } catch (error) {
    if (error instanceof BudgetExceeded) return fail("takes too much work on this payload");
    // The library throws if a function does not accept a value.
    if (error instanceof Error) return fail("does not work on this payload");
    throw error;
  }
}
