import type { Json, JsonObject } from "../../client/index.ts";
import { isNumber } from "../../model/digits.ts";
import { readNumber } from "../../model/portable-json.ts";
import { isList, isObject } from "../rows.ts";

// Hookdeck's filters, as https://github.com/hookdeck/simple-json-match evaluates them, in the language of routes. Theirs fail on a
// field that is missing; `$ne` and `$nin` of routes hold then, so that `$exists` stands beside them.

/** Why a filter cannot be said. */
export class Unsayable extends Error {}

const COMPARISONS: ReadonlySet<string> = new Set(["$gt", "$gte", "$lt", "$lte"]);
const MAX_CLAUSES = 2_000;

type Scalar = string | number | boolean | null;

function isScalar(value: Json | undefined): value is Scalar {
  return value === null || ["string", "boolean"].includes(typeof value) || isNumber(value);
}

/** A number is equal to its text there, and a missing field is not null. */
function equalTo(value: Scalar): Json {
  if (value === null) return { $eq: null, $exists: true };
  if (isNumber(value)) return { $in: [value, String(value)] };
  const number = typeof value === "string" ? readNumber(value) : null;
  return number !== null && String(number) === value ? { $in: [value, number] } : value;
}

function negated(condition: Json): JsonObject {
  if (isObject(condition) && condition["$eq"] === null) return { $ne: null, $exists: true };
  return isObject(condition) ? { $not: condition, $exists: true } : { $ne: condition, $exists: true };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function textsOf(operand: Json, operator: string): readonly string[] {
  const texts = isList(operand) ? operand : [operand];
  return texts.map((text) => {
    if (typeof text === "string" || isNumber(text)) return String(text);
    throw new Unsayable(`${operator} has a value that is no text`);
  });
}

function oneOf(texts: readonly string[]): string {
  const parts = texts.map(escaped);
  return parts.length === 1 ? (parts[0] ?? "") : `(?:${parts.join("|")})`;
}

/** A condition on one field, by an operator. */
function condition(operator: string, operand: Json): Json {
  if (isObject(operand) && Object.hasOwn(operand, "$ref")) throw new Unsayable("$ref compares two fields");
  switch (operator) {
    case "$eq":
    case "$neq": {
      if (!isScalar(operand)) throw new Unsayable(`${operator} has a value that is an object or a list`);
      const equal = equalTo(operand);
      return operator === "$neq" ? negated(equal) : isObject(equal) ? equal : { $eq: equal };
    }
    case "$in":
    case "$nin": {
      if (isList(operand) && !operand.every((item) => isScalar(item) && item !== null)) {
        throw new Unsayable(`${operator} has a value that is neither a text nor a number`);
      }
      const found: Json = isList(operand) ? { $in: [...operand] } : { $regex: oneOf(textsOf(operand, operator)) };
      return operator === "$nin" ? negated(found) : found;
    }
    case "$contains":
      return { $regex: oneOf(textsOf(operand, operator)) };
    case "$startsWith":
      return { $regex: `^${oneOf(textsOf(operand, operator))}` };
    case "$endsWith":
      return { $regex: `${oneOf(textsOf(operand, operator))}$` };
    case "$exist":
    case "$exists":
      if (typeof operand !== "boolean") throw new Unsayable(`${operator} is neither true nor false`);
      return { $exists: operand };
    default:
      if (!COMPARISONS.has(operator)) throw new Unsayable(`the operator ${operator} is not known`);
      if (typeof operand !== "string" && !isNumber(operand)) {
        throw new Unsayable(`${operator} has a value that is neither a number nor a text`);
      }
      return { [operator]: operand };
  }
}

/** What one filter became. */
class Translation {
  /** Objects of which several fields are compared: in a list, each field may be another item's. */
  readonly apart: string[] = [];
  #clauses = 0;

  #clause(path: string, value: Json): JsonObject {
    this.#clauses += 1;
    if (this.#clauses > MAX_CLAUSES) throw new Unsayable(`it has more than ${MAX_CLAUSES} conditions`);
    return { [path]: value };
  }

  /** The clauses of a filter for what is at a path. All of them must hold. */
  clauses(filter: Json, path: string): readonly JsonObject[] {
    if (isScalar(filter)) return [this.#clause(path, equalTo(filter))];
    if (isList(filter)) return filter.flatMap((item) => this.clauses(item, path));
    if (!isObject(filter)) return [];
    const fields = Object.keys(filter).filter((name) => !name.startsWith("$"));
    if (fields.length > 1 && path.split(".").length > 3) this.apart.push(path.split(".").slice(3).join("."));
    return Object.entries(filter).flatMap(([name, value]) => this.#member(name, value, path));
  }

  #member(name: string, value: Json, path: string): readonly JsonObject[] {
    if (name === "$or" || name === "$and") {
      if (!isList(value) || value.length === 0) throw new Unsayable(`${name} is no list`);
      const parts = value.map((part) => together(this.clauses(part, path)));
      return name === "$and" ? parts : [{ $or: parts }];
    }
    if (name === "$not") return [{ $nor: [together(this.clauses(value, path))] }];
    if (name === "$ref") throw new Unsayable("$ref compares two fields");
    if (name.startsWith("$")) return [this.#clause(path, condition(name, value))];
    if (name === "" || name.includes(".")) throw new Unsayable(`the name of a field is empty or contains a dot`);
    return this.clauses(value, `${path}.${name}`);
  }
}

/** One filter of clauses that must all hold. Clauses on different paths need no `$and`. */
function together(clauses: readonly JsonObject[]): JsonObject {
  const names = clauses.flatMap((clause) => Object.keys(clause));
  return new Set(names).size === names.length
    ? Object.fromEntries(clauses.flatMap((clause) => Object.entries(clause)))
    : { $and: [...clauses] };
}

export type Translated = { readonly match: JsonObject | null; readonly apart: readonly string[] };

/** The parts of a filter rule and where a route finds what they are about. */
export function translateFilter(parts: readonly { readonly filter: Json; readonly path: string }[]): Translated {
  const translation = new Translation();
  const clauses = parts.flatMap(({ filter, path }) => {
    if (!isObject(filter)) throw new Unsayable("it compares the whole body, query or headers with one value");
    return translation.clauses(filter, path);
  });
  return { match: clauses.length === 0 ? null : together(clauses), apart: [...new Set(translation.apart)] };
}
