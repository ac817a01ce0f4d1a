import { isJsonObject } from "../../model/json.ts";
import type { JsonSchema } from "../schema.ts";

const LAST = ["additionalProperties", "required", "default", "description"];
/** Keywords whose values are not schemas. */
const DATA: ReadonlySet<string> = new Set(["default", "enum", "const", "required", "example"]);

function rank(key: string): number {
  return key === "type" ? -2 : LAST.indexOf(key);
}

/** Writes `anyOf` of a schema and null as one schema. */
function mergeNull(json: JsonSchema): JsonSchema {
  const { anyOf = [], ...rest } = json;
  const [plain, none, ...others] = anyOf;
  if (plain?.type === undefined || none?.type !== "null" || others.length > 0) return json;
  if (plain.description !== undefined && rest.description !== undefined) return json;
  const types = Array.isArray(plain.type) ? plain.type : [plain.type];
  return { ...rest, ...plain, type: [...types, "null"] };
}

/** Leaves out what says nothing to a reader. */
function withoutNoise({ $schema: _schema, $id: _id, propertyNames: _names, ...json }: JsonSchema): JsonSchema {
  const { type, pattern, minimum, maximum, ...rest } = json;
  const isListed = json.enum !== undefined || json.const !== undefined;
  return {
    ...rest,
    ...(type === undefined || isListed ? {} : { type }),
    ...(pattern === undefined || json.format !== undefined ? {} : { pattern }),
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
  };
}

function tidyAll(schemas: object): object {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, tidyPart("", schema)]));
}

function tidyPart(key: string, part: unknown): unknown {
  if (DATA.has(key)) return part;
  if (Array.isArray(part)) return part.map((each: unknown) => tidyPart("", each));
  if (!isJsonObject(part)) return part;
  return key === "properties" ? tidyAll(part) : tidy(part);
}

/** A JSON Schema in its shortest form, its keywords in the same order everywhere. */
export function tidy(json: object): JsonSchema {
  const tidied: JsonSchema = Object.fromEntries(Object.entries(json).map(([key, part]) => [key, tidyPart(key, part)]));
  const short = mergeNull(withoutNoise(tidied));
  return Object.fromEntries(Object.entries(short).toSorted(([one], [other]) => rank(one) - rank(other)));
}
