import { type Budget, BudgetExceeded } from "../model/budget.ts";
import { excerptOf } from "../model/excerpt.ts";
import { type Json, type JsonObject, isJsonObject, isList } from "../model/json.ts";
import { isOperatorMap } from "./condition.ts";
import { matches, parseFilter } from "./filter.ts";
import { pathOf, someAt } from "./paths.ts";

// Which conditions of a filter a document fails. Each condition is evaluated as a filter of its own, so that it means what it
// means in the whole filter.

/** A condition that does not hold. Long values are the start of their JSON. */
export type FailedCondition = {
  /** Where it is in the filter, as in the errors of `parseFilter`. */
  readonly at: string;
  /** The path in the document; "" for $nor. */
  readonly path: string;
  readonly operator: string;
  readonly expected: Json;
  /** The value at the path, or the list of values if the path leads to several; null if it leads to none. */
  readonly actual: Json;
  /** Whether the path leads to a value. */
  readonly found: boolean;
};

const MAX_FAILED = 20;
const MAX_VALUES = 10;
const MAX_CHARACTERS = 500;
/** Compiling a condition costs about this much work. */
const COMPILE_UNITS = 5_000;

type Explaining = { readonly document: JsonObject; readonly work: Budget };

function holds(query: JsonObject, { document, work }: Explaining): boolean {
  work.spend(COMPILE_UNITS);
  const parsed = parseFilter(query);
  const isMatch = parsed.ok && matches(parsed.value, document, work);
  if (work.isExceeded) throw new BudgetExceeded(work.limit);
  return isMatch;
}

function valuesAt(name: string, { document, work }: Explaining): readonly Json[] {
  const values: Json[] = [];
  const collect = (value: Json | undefined): boolean => {
    if (value !== undefined) values.push(value);
    return values.length >= MAX_VALUES;
  };
  someAt(document, pathOf(name), collect, work);
  return values;
}

function failedAt(name: string, operator: string, expected: Json, at: string, explaining: Explaining): FailedCondition {
  const values = valuesAt(name, explaining);
  const [only = null] = values;
  const actual = values.length > 1 ? values : only;
  return {
    at,
    path: name,
    operator,
    expected: excerptOf(expected, MAX_CHARACTERS),
    actual: excerptOf(actual, MAX_CHARACTERS),
    found: values.length > 0,
  };
}

function fieldFailures(name: string, value: Json, at: string, explaining: Explaining): readonly FailedCondition[] {
  if (!isJsonObject(value) || !isOperatorMap(value)) {
    return holds({ [name]: value }, explaining) ? [] : [failedAt(name, "$eq", value, at, explaining)];
  }
  const { $options } = value;
  return Object.entries(value).flatMap(([operator, operand]): readonly FailedCondition[] => {
    // It belongs to $regex, and is no condition by itself.
    if (operator === "$options") return [];
    const beside = operator === "$regex" && $options !== undefined ? { $options } : {};
    if (holds({ [name]: { [operator]: operand, ...beside } }, explaining)) return [];
    return [failedAt(name, operator, operand, `${at}.${operator}`, explaining)];
  });
}

function logicalFailures(name: string, value: Json, at: string, explaining: Explaining): readonly FailedCondition[] {
  const parts = isList(value) ? value : [];
  const failures = parts.map((part, index) => failuresOf(part, `${at}[${index}]`, explaining));
  if (name === "$and") return failures.flat();
  if (name === "$or") return failures.some((list) => list.length === 0) ? [] : failures.flat();
  return failures.flatMap((list, index): readonly FailedCondition[] => {
    if (list.length > 0) return [];
    const expected = excerptOf(parts[index] ?? null, MAX_CHARACTERS);
    return [{ at: `${at}[${index}]`, path: "", operator: "$nor", expected, actual: null, found: false }];
  });
}

/** Returns the conditions of a query that do not hold; none if the query holds. */
function failuresOf(query: Json, at: string, explaining: Explaining): readonly FailedCondition[] {
  if (!isJsonObject(query)) return [];
  return Object.entries(query).flatMap(([name, value]) => {
    const partAt = at === "" ? name : `${at}.${name}`;
    const isLogical = name === "$and" || name === "$or" || name === "$nor";
    return isLogical
      ? logicalFailures(name, value, partAt, explaining)
      : fieldFailures(name, value, partAt, explaining);
  });
}

/** Returns the first conditions of a filter that a document fails, or null if that takes more work than is left. */
export function explainFilter(
  filter: JsonObject,
  document: JsonObject,
  work: Budget,
): readonly FailedCondition[] | null {
  try {
    return failuresOf(filter, "", { document, work }).slice(0, MAX_FAILED);
  } catch (error) {
    if (error instanceof BudgetExceeded) return null;
    throw error;
  }
}
