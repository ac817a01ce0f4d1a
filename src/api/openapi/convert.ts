import * as z from "zod/mini";
import { isJsonObject } from "../../model/json.ts";
import { tidy } from "./tidy.ts";
import { COMPONENT_NAMES, DOCUMENTATION, type JsonSchema, refTo } from "../schema.ts";

const PREFIX = "#/components/schemas/";

type Schemas = ReadonlyMap<z.core.$ZodType, string>;

/** Replaces all properties of a JSON Schema, whose identity zod relies on. */
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

/** Adds what a schema is documented by. */
function amend(schema: z.core.$ZodType, json: JsonSchema): void {
  const { replacement, additions } = DOCUMENTATION.get(schema) ?? {};
  if (replacement !== undefined) replace(json, replacement);
  else if (json.pattern !== undefined && hasFlags(schema)) throw new Error(`Flags of ${json.pattern} would be lost.`);
  Object.assign(json, additions);
}

/** Throws if a part of a schema accepts everything: a function checks it, and the document does not say what it accepts. */
function refuseSilence(json: unknown, at: string): void {
  if (Array.isArray(json)) for (const [index, part] of json.entries()) refuseSilence(part, `${at}/${index}`);
  if (!isJsonObject(json)) return;
  for (const [key, part] of Object.entries(json)) {
    if (key === "default" || key === "example") continue;
    if (isJsonObject(part) && Object.keys(part).length === 0 && key !== "properties") {
      throw new Error(`${at}/${key} accepts everything: say what it accepts with documentedAs.`);
    }
    refuseSilence(part, `${at}/${key}`);
  }
}

function unrepresentable({ zodSchema }: { readonly zodSchema: z.core.$ZodType }): JsonSchema | "throw" {
  return DOCUMENTATION.get(zodSchema)?.replacement ?? "throw";
}

function convertAll(schemas: Schemas, io: "input" | "output"): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of schemas) registry.add(schema, { id });
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
  return Object.fromEntries(Object.entries(converted.schemas).map(([id, json]) => [id, tidy(json)]));
}

/** All named schemas, by name: those of requests as what they accept, those of answers as what clients may rely on. */
export function convertComponents(): Record<string, JsonSchema> {
  const requests = convertAll(COMPONENT_NAMES.requests, "input");
  for (const [name, json] of Object.entries(requests)) refuseSilence(json, name);
  const all = { ...requests, ...convertAll(COMPONENT_NAMES.answers, "output") };
  return Object.fromEntries(Object.entries(all).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** The schema of a query parameter. */
export function convertParameter(schema: z.ZodMiniType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable,
    override: ({ zodSchema, jsonSchema }) => amend(zodSchema, jsonSchema),
  });
  return tidy(json);
}

/** The reference to a body's or an answer's schema. */
export function refToSchema(schema: z.ZodMiniType): JsonSchema {
  const name = COMPONENT_NAMES.requests.get(schema) ?? COMPONENT_NAMES.answers.get(schema);
  if (name === undefined) throw new Error("A body or an answer has no name: use requestSchema or answerSchema.");
  return refTo(name);
}
