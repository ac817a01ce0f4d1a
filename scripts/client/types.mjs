import { nameOfRef } from "./document.mjs";

// TypeScript types of JSON Schemas.

/** @typedef {import("./document.mjs").Schema} Schema */

/** Keywords that narrow values in ways that a TypeScript type cannot express. */
const IGNORED = new Set([
  "default",
  "description",
  "format",
  "maximum",
  "maxItems",
  "maxLength",
  "maxProperties",
  "minimum",
  "minItems",
  "minLength",
  "pattern",
]);
const READ = new Set([
  "$ref",
  "additionalProperties",
  "anyOf",
  "const",
  "enum",
  "items",
  "oneOf",
  "properties",
  "required",
  "type",
]);

const JSON_TYPE = `export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [name: string]: Json };`;
const ANY_JSON = "Json";

const literal = (/** @type {unknown} */ value) => JSON.stringify(value);
const key = (/** @type {string} */ name) => (/^[A-Za-z_]\w*$/.test(name) ? name : literal(name));

const union = (/** @type {readonly string[]} */ types) => [...new Set(types)].join(" | ");
/** A type that can stand before `[]` or beside `&`. */
const operand = (/** @type {readonly string[]} */ types) => (types.length === 1 ? union(types) : `(${union(types)})`);

const MAX_LINE = 112;

/**
 * A documentation comment; empty if there is nothing to say.
 * @param {string | undefined} text
 */
export function comment(text) {
  if (text === undefined) return "";
  const safe = text.replaceAll("*/", "*\\/");
  if (safe.length <= MAX_LINE) return `/** ${safe} */\n`;
  const lines = safe.match(new RegExp(`.{1,${MAX_LINE}}(?: |$)`, "g")) ?? [];
  return `/**\n${lines.map((line) => ` * ${line.trimEnd()}`).join("\n")}\n */\n`;
}

/** @param {Schema} schema */
function refuseUnknown(schema) {
  const unknown = Object.keys(schema).filter((keyword) => !IGNORED.has(keyword) && !READ.has(keyword));
  if (unknown.length > 0) {
    throw new Error(`scripts/client/types.mjs does not know ${unknown.join(", ")} in ${literal(schema)}.`);
  }
}

/**
 * Alternatives beside `properties` say more about the same object, such as which of its properties must be there.
 * @param {Schema} alternative
 * @param {Schema} base
 */
function constraint(alternative, base) {
  const properties = { ...alternative.properties };
  for (const name of alternative.required ?? []) properties[name] ??= base.properties?.[name] ?? {};
  return objectType({ ...alternative, properties });
}

/** @param {Schema} schema */
function objectType(schema) {
  const properties = Object.entries(schema.properties ?? {});
  const { additionalProperties: others } = schema;
  if (properties.length === 0) {
    if (others === false) return "Readonly<Record<string, never>>";
    const values = typeof others === "object" ? typeOf(others) : ANY_JSON;
    return values === ANY_JSON ? "JsonObject" : `Readonly<Record<string, ${values}>>`;
  }
  if (others !== undefined && others !== false) throw new Error(`Properties beside any others: ${literal(schema)}`);
  const lines = properties.map(([name, property]) => {
    const optional = schema.required?.includes(name) === true ? "" : "?";
    return `${comment(property.description)}readonly ${key(name)}${optional}: ${typeOf(property)};`;
  });
  return `{\n${lines.join("\n")}\n}`;
}

/**
 * @param {string} type
 * @param {Schema} schema
 */
function plainType(type, schema) {
  if (type === "object") return objectType(schema);
  if (type === "array") return `readonly ${operand(membersOf(schema.items ?? {}))}[]`;
  return type === "integer" ? "number" : type;
}

/**
 * The members of the union that a schema is; most schemas have one.
 * @param {Schema} schema
 * @returns {string[]}
 */
function membersOf(schema) {
  refuseUnknown(schema);
  if (schema.$ref !== undefined) return [nameOfRef(schema.$ref)];
  if (schema.const !== undefined) return [literal(schema.const)];
  if (schema.enum !== undefined) return schema.enum.map(literal);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (schema.properties !== undefined && alternatives !== undefined) {
    return [`${objectType(schema)} & ${operand(alternatives.map((each) => constraint(each, schema)))}`];
  }
  if (alternatives !== undefined) return alternatives.flatMap(membersOf);
  if (schema.type === undefined) return [ANY_JSON];
  return [schema.type].flat().map((type) => plainType(type, schema));
}

/**
 * The TypeScript type of a schema, as an expression.
 * @param {Schema} schema
 */
export const typeOf = (schema) => union(membersOf(schema));

/**
 * Declarations of all named schemas. A schema that is called `Json` must be the one of any JSON.
 * @param {Readonly<Record<string, Schema>>} schemas
 */
export function renderTypes(schemas) {
  const declarations = Object.entries(schemas).map(([name, schema]) => {
    const type = typeOf(schema);
    return name === type ? "" : `${comment(schema.description)}export type ${name} = ${type};\n`;
  });
  return `${JSON_TYPE}\n\n${declarations.join("\n")}`;
}
