import { Digits } from "../model/digits.ts";
import { type Json, isJsonObject, isList } from "../model/json.ts";
import { type Compiler, type Condition, type Operator, equalTo, isOperatorMap, not, oneOf, some } from "./condition.ts";
import { type Found, type Test, someAt } from "./paths.ts";
import { patternTest } from "./pattern.ts";

const TYPES = {
  string: (value) => typeof value === "string",
  number: (value) => isNumeric(wide(value)),
  double: (value) => isNumeric(wide(value)),
  int: (value) => Number.isInteger(value) || typeof wide(value) === "bigint",
  long: (value) => Number.isInteger(value) || typeof wide(value) === "bigint",
  bool: (value) => typeof value === "boolean",
  boolean: (value) => typeof value === "boolean",
  object: isJsonObject,
  array: isList,
  null: (value) => value === null,
} as const satisfies Record<string, (value: Found) => boolean>;

function isTypeName(name: Json): name is keyof typeof TYPES {
  return typeof name === "string" && Object.hasOwn(TYPES, name);
}

function literals(
  operand: Json,
  at: string,
  compiler: Compiler,
  found: (items: readonly Json[]) => Condition,
): Condition {
  if (!isList(operand)) return compiler.refuse(at, "must be a list");
  const wrong = operand.findIndex(isOperatorMap);
  return wrong === -1 ? found(operand) : compiler.refuse(`${at}[${wrong}]`, "must be a value, not an operator");
}

type Comparable = string | number | bigint | boolean;

/** Returns a whole number as it is compared with one that a double cannot hold. */
function wide(value: unknown): unknown {
  if (value instanceof Digits) return /^-?\d+$/.test(String(value)) ? BigInt(String(value)) : Number(String(value));
  return value;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function comparison(holds: (value: Comparable, bound: Comparable) => boolean): Operator {
  return (bound, at, compiler) => {
    const wideBound = wide(bound);
    if (isNumeric(wideBound)) {
      return some((value) => {
        const number = wide(value);
        return isNumeric(number) && holds(number, wideBound);
      });
    }
    if (typeof bound !== "string" && typeof bound !== "boolean") {
      return compiler.refuse(at, "must be a number, a text or a boolean");
    }
    return some((value, budget) => {
      if (typeof value !== "string" && typeof value !== "boolean") return false;
      if (typeof value === "string") budget.spend(value.length / 64);
      return typeof value === typeof bound && holds(value, bound);
    });
  };
}

const regex: Operator = (operand, at, compiler, beside) => {
  const options = beside["$options"] ?? "";
  if (typeof operand !== "string") return compiler.refuse(at, "must be a text");
  if (typeof options !== "string") return compiler.refuse(at.replace(/\$regex$/, "$options"), "must be a text");
  const test = patternTest(operand, options, compiler.patterns);
  return test.ok ? some(test.value) : compiler.refuse(at, test.error);
};

const type: Operator = (operand, at, compiler) => {
  const names = isList(operand) ? operand : [operand];
  const known = names.filter(isTypeName);
  if (known.length === 0 || known.length < names.length) {
    return compiler.refuse(at, `must be one or more of ${Object.keys(TYPES).join(", ")}`);
  }
  return some((value) => value !== undefined && known.some((name) => TYPES[name](value)));
};

const mod: Operator = (operand, at, compiler) => {
  const [divisor, remainder] = isList(operand) && operand.length === 2 ? operand : [];
  if (!Number.isInteger(divisor) || !Number.isInteger(remainder) || divisor === 0) {
    return compiler.refuse(at, "must be a list of two whole numbers: a divisor other than 0, and a remainder");
  }
  return some((value) => {
    const number = wide(value);
    if (typeof number === "bigint") return number % BigInt(Number(divisor)) === BigInt(Number(remainder));
    return typeof number === "number" && Math.trunc(number) % Number(divisor) === remainder;
  });
};

const size: Operator = (operand, at, compiler) => {
  if (!Number.isInteger(operand) || Number(operand) < 0) return compiler.refuse(at, "must be a whole number from 0 on");
  const test: Test = (value) => isList(value) && value.length === operand;
  return (document, path, budget) => someAt(document, path, test, budget);
};

const exists: Operator = (operand, at, compiler) => {
  if (typeof operand !== "boolean") return compiler.refuse(at, "must be true or false");
  return (document, path, budget) => someAt(document, path, (value) => value !== undefined, budget) === operand;
};

const elemMatch: Operator = (operand, at, compiler) => {
  if (!isJsonObject(operand)) return compiler.refuse(at, "must be a map");
  const isQuery = !isOperatorMap(operand) || ["$and", "$or", "$nor"].some((name) => Object.hasOwn(operand, name));
  const condition = isQuery ? compiler.query(operand, at) : compiler.condition(operand, at);
  const holds: Test = (item, budget) => (!isQuery || isJsonObject(item)) && condition(item, [], budget);
  const test: Test = (value, budget) => {
    if (!isList(value)) return false;
    budget.spend(value.length);
    return value.some((item) => holds(item, budget));
  };
  return (document, path, budget) => someAt(document, path, test, budget);
};

const all: Operator = (operand, at, compiler) => {
  if (!isList(operand) || operand.length === 0) return compiler.refuse(at, "must be a list that is not empty");
  const conditions = operand.map((item, index) => {
    const itemAt = `${at}[${index}]`;
    if (!isOperatorMap(item)) return some(equalTo(item));
    if (isJsonObject(item) && Object.hasOwn(item, "$elemMatch")) return compiler.condition(item, itemAt);
    return compiler.refuse(itemAt, "must be a value, or a map with $elemMatch");
  });
  return (document, path, budget) => conditions.every((condition) => condition(document, path, budget));
};

const negation: Operator = (operand, at, compiler) =>
  isOperatorMap(operand) ? not(compiler.condition(operand, at)) : compiler.refuse(at, "must be a map of operators");

const options: Operator = (_operand, at, compiler, beside) =>
  Object.hasOwn(beside, "$regex") ? () => true : compiler.refuse(at, "belongs beside $regex");

/** The operators by their MongoDB names. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: (operand) => some(equalTo(operand)),
  $ne: (operand) => not(some(equalTo(operand))),
  $gt: comparison((value, bound) => value > bound),
  $gte: comparison((value, bound) => value >= bound),
  $lt: comparison((value, bound) => value < bound),
  $lte: comparison((value, bound) => value <= bound),
  $in: (operand, at, compiler) => literals(operand, at, compiler, (items) => some(oneOf(items))),
  $nin: (operand, at, compiler) => literals(operand, at, compiler, (items) => not(some(oneOf(items)))),
  $exists: exists,
  $type: type,
  $mod: mod,
  $regex: regex,
  $options: options,
  $size: size,
  $all: all,
  $elemMatch: elemMatch,
  $not: negation,
};
