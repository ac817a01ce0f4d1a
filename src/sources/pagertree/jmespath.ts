import { compile } from "@jmespath-community/jmespath";
import { type Result, fail, ok } from "../../model/result.ts";

/** A parsed JMESPath expression. */
export type Expression = ReturnType<typeof compile>;

/** A longer expression could nest deeper than recursion should go. */
const MAX_EXPRESSION = 1_000;
const MAX_MESSAGE = 200;

/** Functions that evaluate an expression for each item: `sort_by(alerts, &at)`. */
export const BY_FUNCTIONS = ["max_by", "min_by", "sort_by"] as const;
export type ByFunction = (typeof BY_FUNCTIONS)[number];

// The functions of standard JMESPath. The library's other functions can produce much from little (`pad_left`), or run
// regular expressions in quadratic time (`trim`).
const FUNCTIONS = new Set<string>([
  ..."abs avg ceil contains ends_with floor join keys length map max merge min not_null reverse".split(" "),
  ..."sort starts_with sum to_array to_number to_string type values".split(" "),
  ...BY_FUNCTIONS,
]);

/** Returns the first part of an expression that is not supported here; null if all of it is. */
function faultIn(node: Expression): string | null {
  switch (node.type) {
    case "Field":
    case "Literal":
    case "Index":
    case "Slice":
    case "Identity":
    case "Current":
      return null;
    case "Flatten":
    case "NotExpression":
      return faultIn(node.child);
    case "Subexpression":
    case "IndexExpression":
    case "Pipe":
    case "Projection":
    case "ValueProjection":
    case "AndExpression":
    case "OrExpression":
    case "Comparator":
      return faultIn(node.left) ?? faultIn(node.right);
    case "FilterProjection":
      return faultIn(node.left) ?? faultIn(node.condition) ?? faultIn(node.right);
    case "MultiSelectList":
      return firstFault(node.children);
    case "MultiSelectHash":
      return firstFault(node.children.map(({ value }) => value));
    case "Function":
      return faultInCall(node);
    case "ExpressionReference":
      return "& outside of a function";
    case "Arithmetic":
    case "Unary":
      return "arithmetic";
    case "Root":
      return "$";
    case "LetExpression":
    case "Binding":
    case "Variable":
      return "let";
    case "Ternary":
      return "? :";
  }
}

/** Returns the index of the argument that must be an expression; null if there is none. */
function indexOfExpression(name: string): number | null {
  if (name === "map") return 0;
  return BY_FUNCTIONS.some((by) => by === name) ? 1 : null;
}

function faultInCall({ name, children }: Extract<Expression, { type: "Function" }>): string | null {
  if (!FUNCTIONS.has(name)) return `the function ${name}()`;
  const index = indexOfExpression(name);
  // As a value, it could come from a payload, and a value in the shape of a parsed expression would be executed.
  if (index !== null && children[index]?.type !== "ExpressionReference") return `${name}() without an &expression`;
  return firstFault(children.map((child) => (child.type === "ExpressionReference" ? child.child : child)));
}

function firstFault(nodes: readonly Expression[]): string | null {
  for (const node of nodes) {
    const fault = faultIn(node);
    if (fault !== null) return fault;
  }
  return null;
}

/** Parses an expression of standard JMESPath. The error tells its author what to correct. */
export function parseExpression(text: string): Result<Expression, string> {
  if (text.length > MAX_EXPRESSION) return fail(`must be at most ${MAX_EXPRESSION} characters long`);
  let expression: Expression;
  try {
    expression = compile(text);
  } catch (error) {
    // The parser throws if the text is not an expression.
    const reason = error instanceof Error ? error.message : "";
    return fail(`is not a JMESPath expression: ${reason.slice(0, MAX_MESSAGE).toWellFormed()}`);
  }
  const fault = faultIn(expression);
  return fault === null ? ok(expression) : fail(`uses ${fault}, which is not part of standard JMESPath`);
}
