import * as z from "zod/mini";
import { isNumber } from "../model/digits.ts";
import type { Json } from "../model/json.ts";
import { PROBLEM_STATUSES } from "../net/problem-codes.ts";

// Schemas carry here what the OpenAPI document says of them and zod cannot: a name, and JSON Schema for checks by functions.

export type JsonSchema = z.core.JSONSchema.BaseSchema;
type Documentation = {
  /** Stands for the JSON Schema that zod would derive. */
  readonly replacement?: JsonSchema;
  /** Added to it. */
  readonly additions?: JsonSchema;
};
type Names = Map<z.core.$ZodType, string>;

const requestNames: Names = new Map();
const answerNames: Names = new Map();
const parameterNames: Names = new Map();

/** The names of schemas under `components` in the document. */
export const COMPONENT_NAMES: Readonly<
  Record<"requests" | "answers" | "parameters", ReadonlyMap<z.core.$ZodType, string>>
> = { requests: requestNames, answers: answerNames, parameters: parameterNames };

export const DOCUMENTATION = z.registry<Documentation>();

/** Gives a schema that checks requests its name in the document. */
export function requestSchema<Schema extends z.ZodMiniType>(name: string, schema: Schema): Schema {
  requestNames.set(schema, name);
  return schema;
}

/** Gives a schema of answers its name in the document. */
export function answerSchema<Schema extends z.ZodMiniType>(name: string, schema: Schema): Schema {
  answerNames.set(schema, name);
  return schema;
}

/** Marks a query parameter that `components.parameters` describes under this name. */
export function parameterSchema<Schema extends z.ZodMiniType>(name: string, schema: Schema): Schema {
  parameterNames.set(schema, name);
  return schema;
}

/** Refuses a number that a double cannot hold, which is an object in memory. A schema without required fields would accept it. */
export function objectOnly<Schema extends z.ZodMiniType>(schema: Schema) {
  return z.pipe(
    z.transform((given: unknown) => (isNumber(given) ? given.valueOf() : given)),
    schema,
  );
}

/** Documents a schema by this JSON Schema, because its own checks are functions. */
export function documentedAs<Schema extends z.ZodMiniType>(schema: Schema, replacement: JsonSchema): Schema {
  DOCUMENTATION.add(schema, { replacement });
  return schema;
}

/** Documents a schema by what zod derives and these properties. */
export function documentedWith<Schema extends z.ZodMiniType>(schema: Schema, additions: JsonSchema): Schema {
  DOCUMENTATION.add(schema, { additions });
  return schema;
}

/** The name of a registered module's schema in the document: the options of `acme-queue` are AcmeQueueOptions. */
export function componentName(name: string, suffix: string): string {
  const words = name.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join("") + suffix;
}

/** The reference to a named schema. */
export function refTo(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

// Parts of answers that several resources share. Objects are strict so that tests notice undeclared properties; the document
// allows more properties, because answers may grow.

export const time = z.iso.datetime({ precision: 3 });
export const stamps = { created_at: time, updated_at: time };
export const anyJson: z.ZodMiniType<Json> = answerSchema("Json", documentedAs(z.json(), { description: "Any JSON." }));
export const jsonMap = z.record(z.string(), anyJson);
export const headerValues = z.record(z.string(), z.string());

/** An id with this prefix. */
export function idOf(prefix: string) {
  return z.string().check(z.regex(new RegExp(`^${prefix}_[0-9A-Za-z]+$`)));
}

export const fieldErrors = z.array(
  z.strictObject({
    path: z.string().check(z.describe("Such as `destination_ids[0]`; empty for the whole body.")),
    message: z.string(),
  }),
);

const PROBLEM_CODES = Object.keys(PROBLEM_STATUSES);

export const problem = answerSchema(
  "Problem",
  z
    .strictObject({
      type: z.string(),
      code: z.enum(PROBLEM_CODES).check(z.describe("What went wrong. Each code has one status.")),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      errors: z.optional(fieldErrors),
    })
    .check(z.describe("RFC 9457.")),
);
