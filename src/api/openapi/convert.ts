import * as z from "zod/mini";
import { isJsonObject } from "../../model/json.ts";
import { ACCEPTED, ADDED, type JsonSchema } from "./accepted.ts";
import type { Schemas } from "./operation.ts";

const PREFIX = "#/components/schemas/";

function replace(target: JsonSchema, by: JsonSchema): void {
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, by);
}

function hasFlags(schema: z.core.$ZodType): boolean {
  const { _zod: internals } = schema;
  const { patterns } = internals.bag;
  return (
    patterns instanceof Set && [...patterns].some((pattern) => pattern instanceof RegExp && /[ims]/.test(pattern.flags))
  );
}

const LAST = ["additionalProperties", "required", "default", "description"];

function rank(key: string): number {
  return key === "type" ? -2 : LAST.indexOf(key);
}

/** Writes `anyOf` of a plain schema and null as one schema. */
function foldNull(json: JsonSchema): void {
  const [plain, none, ...others] = json.anyOf ?? [];
  if (plain?.type === undefined || none?.type !== "null" || others.length > 0) return;
  if (plain.description !== undefined && json.description !== undefined) return;
  delete json.anyOf;
  Object.assign(json, { ...plain, type: [plain.type, "null"].flat() });
}

/** Puts in what a schema cannot say of itself, and takes out what is only noise. */
function amend(schema: z.core.$ZodType, json: JsonSchema): void {
  const accepted = ACCEPTED.get(schema);
  if (accepted !== undefined) replace(json, accepted);
  else if (json.pattern !== undefined && hasFlags(schema)) throw new Error(`Flags of ${json.pattern} would be lost.`);
  Object.assign(json, ADDED.get(schema));
  if (json.format !== undefined) delete json.pattern;
  if (json.enum !== undefined || json.const !== undefined) delete json.type;
  foldNull(json);
  delete json.propertyNames;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  // One order for all, which reads and compresses better.
  replace(json, Object.fromEntries(Object.entries(json).toSorted(([one], [other]) => rank(one) - rank(other))));
}

/** Throws where a part of a schema says nothing at all: what it takes is then only told by a function. */
function refuseSilence(json: unknown, at: string): void {
  if (Array.isArray(json)) for (const [index, part] of json.entries()) refuseSilence(part, `${at}/${index}`);
  if (!isJsonObject(json)) return;
  for (const [key, part] of Object.entries(json)) {
    if (key === "default") continue;
    if (isJsonObject(part) && Object.keys(part).length === 0 && key !== "properties") {
      throw new Error(`${at}/${key} says nothing: add it to ACCEPTED.`);
    }
    refuseSilence(part, `${at}/${key}`);
  }
}

// A schema that was refined is looked at by way of the one that it was before.
const OF_CUSTOM = new Map(
  [...ACCEPTED].flatMap(([schema, json]) => {
    const { _zod: internals } = schema;
    return [schema, internals.parent].map((each) => [each, json] as const);
  }),
);

function unrepresentable({ zodSchema }: { readonly zodSchema: z.core.$ZodType }): JsonSchema | "throw" {
  return OF_CUSTOM.get(zodSchema) ?? "throw";
}

function withoutNames({ $schema: _schema, $id: _id, ...json }: JsonSchema): JsonSchema {
  return json;
}

/** Schemas that check requests, as what they accept. */
export function convertRequests(schemas: Schemas): Record<string, JsonSchema> {
  const converted = convertAll(schemas, "input");
  for (const [name, json] of Object.entries(converted)) refuseSilence(json, name);
  return converted;
}

/** Schemas of answers, as what a client may rely on. */
export function convertAnswers(schemas: Schemas): Record<string, JsonSchema> {
  return convertAll(schemas, "output");
}

function convertAll(schemas: Schemas, io: "input" | "output"): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const converted = z.toJSONSchema(registry, {
    io,
    uri: (id) => PREFIX + id,
    unrepresentable,
    override: ({ zodSchema, jsonSchema }) => {
      amend(zodSchema, jsonSchema);
      if (io === "input") return;
      // An answer may grow, and its ids are for reading only.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      delete jsonSchema.pattern;
    },
  });
  return Object.fromEntries(Object.entries(converted.schemas).map(([id, json]) => [id, withoutNames(json)]));
}

/** A schema of a query parameter. */
export function convertParameter(schema: z.ZodMiniType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable,
    override: ({ zodSchema, jsonSchema }) => amend(zodSchema, jsonSchema),
  });
  return withoutNames(json);
}

/** The reference to a named schema. */
export function refTo(name: string): JsonSchema {
  return { $ref: PREFIX + name };
}
