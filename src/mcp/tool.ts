import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import type { Scope } from "../model/token.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { CallApi } from "./call-api.ts";

/** The arguments of a call. The API checks their values. */
export type Arguments = Readonly<Record<string, unknown>>;

/** A JSON Schema of an object. */
export type InputSchema = {
  readonly type: "object";
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
  readonly $defs?: Readonly<Record<string, object>>;
};

/** What a tool does to the gateway: nothing, a change that can be undone, or requests that leave the gateway. */
export type Effect = "reads" | "changes" | "sends";

export type Tool = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The scope that a token must have. */
  readonly scope: Scope;
  readonly effect: Effect;
  readonly input: InputSchema;
  /** Returns the result, or why there is none. */
  readonly run: (given: Arguments, callApi: CallApi) => Promise<Result<object, string>>;
};

/** Ids and external ids, as the paths of the API take them. Dots alone would change the path. */
const ID = /^[0-9A-Za-z][0-9A-Za-z._-]{0,99}$/;

/** Returns the id in an argument, encoded for a path. */
export function idIn(given: Arguments, name: string): Result<string, string> {
  const id = given[name];
  return typeof id === "string" && ID.test(id) ? ok(id) : fail(`${name} is not an id.`);
}

/** The schema of an argument that is an id, such as `evt_…`. */
export function idSchema(prefix: string, what: string): object {
  return { type: "string", pattern: ID.source, description: `The id of ${what}, such as ${prefix}_…` };
}

/** The schema of arguments, with their names checked. */
export function inputOf(properties: Readonly<Record<string, object>>, required: readonly string[] = []): InputSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

type Issue = { readonly message: string; readonly path: readonly string[] };

function issuesOf(given: Arguments, { properties, required = [] }: InputSchema): readonly Issue[] {
  const known = Object.keys(properties);
  return [
    ...required.filter((name) => !Object.hasOwn(given, name)).map((name) => ({ message: "is required", path: [name] })),
    ...Object.keys(given)
      .filter((name) => !known.includes(name))
      .map((name) => ({ message: `is not an argument: use ${known.join(", ") || "none"}`, path: [name] })),
  ];
}

const IS_ID = /^(?:\w+_)?id$/;

/** Models confuse `id` with `event_id`: if one id is missing and another name for an id is given, it is meant. */
function withMeantId(given: Arguments, { properties, required = [] }: InputSchema): Arguments {
  const [missing, ...others] = required.filter((name) => IS_ID.test(name) && !Object.hasOwn(given, name));
  const [meant, ...more] = Object.keys(given).filter((name) => IS_ID.test(name) && !Object.hasOwn(properties, name));
  if (missing === undefined || meant === undefined || others.length > 0 || more.length > 0) return given;
  const { [meant]: id, ...rest } = given;
  return { ...rest, [missing]: id };
}

/** Returns a schema as the MCP library takes it. It checks the names of the arguments; the API checks their values. */
export function standardSchema(input: InputSchema): StandardSchemaWithJSON<Arguments> {
  const jsonSchema = (): Record<string, unknown> => ({ ...input });
  return {
    "~standard": {
      version: 1,
      vendor: "hookgate",
      validate(given) {
        if (typeof given !== "object" || given === null || Array.isArray(given)) {
          return { issues: [{ message: "must be an object", path: [] }] };
        }
        const value = withMeantId(Object.fromEntries(Object.entries(given)), input);
        const issues = issuesOf(value, input);
        return issues.length > 0 ? { issues } : { value };
      },
      jsonSchema: { input: jsonSchema, output: jsonSchema },
    },
  };
}
