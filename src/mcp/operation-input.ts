import document from "../api/openapi/document.json" with { type: "json" };
import type { ApiCall } from "./call-api.ts";
import { type Arguments, type InputSchema, idIn, idSchema } from "./tool.ts";
import { type Result, ok } from "../model/result.ts";

// The input of most tools is that of an operation of the API, as its OpenAPI document describes it: the parameters, and the
// members of the JSON body.

type Schema = Readonly<Record<string, unknown>>;
type Parameter = { readonly name: string; readonly in: string; readonly schema: Schema; readonly description?: string };
type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
};
/** What is read of the document. */
type ApiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
  };
};

const REFERENCE = /^#\/components\/schemas\/(\w+)$/;
const API = "/api/v1";

/** Returns a schema whose references lead to `$defs`, and adds the names of those to `names`. */
function relocate(schema: unknown, names: Set<string>): unknown {
  if (Array.isArray(schema)) return schema.map((each) => relocate(each, names));
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, each]) => {
      const name = key === "$ref" && typeof each === "string" ? REFERENCE.exec(each)?.[1] : undefined;
      if (name === undefined) return [key, relocate(each, names)];
      names.add(name);
      return [key, `#/$defs/${name}`];
    }),
  );
}

const API_DOCUMENT: ApiDocument = document;

type Located = { readonly method: string; readonly path: string; readonly operation: Operation };

function locate(operationId: string): Located {
  for (const [path, methods] of Object.entries(API_DOCUMENT.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation.operationId === operationId) return { method, path, operation };
    }
  }
  throw new Error(`The API has no operation ${operationId}.`);
}

function parameterOf(given: Parameter | { readonly $ref: string }): readonly Parameter[] {
  if (!("$ref" in given)) return [given];
  const found = API_DOCUMENT.components.parameters[given.$ref.slice(given.$ref.lastIndexOf("/") + 1)];
  return found === undefined ? [] : [found];
}

function isObject(value: unknown): value is Readonly<Record<string, object>> {
  return typeof value === "object" && value !== null;
}

function bodyOf({ requestBody }: Operation): Schema | null {
  const schema = requestBody?.content["application/json"]?.schema;
  const name = REFERENCE.exec(typeof schema?.["$ref"] === "string" ? schema["$ref"] : "")?.[1];
  return (name === undefined ? schema : API_DOCUMENT.components.schemas[name]) ?? null;
}

/** How a tool shows an operation: the argument for the id in the path, and the parameters that it leaves out. */
export type Shown = {
  readonly id?: { readonly name: string; readonly prefix: string; readonly what: string };
  readonly omit?: readonly string[];
};

export type OperationInput = {
  readonly input: InputSchema;
  /** Returns the request to the API for arguments, or which argument is wrong. */
  readonly callFor: (given: Arguments) => Result<ApiCall, string>;
};

/** Returns the input of a tool that runs an operation of the API, with the names, schemas and descriptions of the API document. */
export function operationInput(operationId: string, { id, omit = [] }: Shown = {}): OperationInput {
  const { method, path, operation } = locate(operationId);
  const names = new Set<string>();
  const query = (operation.parameters ?? [])
    .flatMap(parameterOf)
    .filter((parameter) => parameter.in === "query" && !omit.includes(parameter.name))
    .map(({ name, schema, description }): [string, object] => [
      name,
      { ...schema, ...(description === undefined ? {} : { description }) },
    ]);
  const body = bodyOf(operation);
  const relocated = relocate(body?.["properties"] ?? {}, names);
  const members = isObject(relocated) ? Object.entries(relocated).filter(([name]) => !omit.includes(name)) : [];
  const $defs: Record<string, object> = {};
  for (const name of names) {
    const found = relocate(API_DOCUMENT.components.schemas[name] ?? {}, names);
    if (isObject(found)) $defs[name] = found;
  }
  const ids: [string, object][] = id === undefined ? [] : [[id.name, idSchema(id.prefix, id.what)]];
  return {
    input: {
      type: "object",
      properties: Object.fromEntries([...ids, ...query, ...members]),
      required: ids.map(([name]) => name),
      additionalProperties: false,
      ...(names.size === 0 ? {} : { $defs }),
    },
    callFor(given) {
      const found = id === undefined ? ok("") : idIn(given, id.name);
      if (!found.ok) return found;
      const rest = Object.fromEntries(Object.entries(given).filter(([name]) => name !== id?.name));
      const below = path.slice(API.length + 1).replace("{id}", found.value);
      if (method === "get") return ok({ method: "GET", path: `/${below}`, query: rest });
      return ok({ method: "POST", path: `/${below}`, json: rest });
    },
  };
}
