import type * as z from "zod/mini";
import { convertParameter, refTo } from "./convert.ts";
import type { Answer, Operation } from "./operation.ts";
import { problemsOf } from "./problems.ts";

/** The names of schemas in the document. */
export type Names = ReadonlyMap<z.ZodMiniType, string>;

function named(schema: z.ZodMiniType, names: Names): object {
  const name = names.get(schema);
  if (name === undefined) throw new Error("A schema has no name: list it in its section.");
  return refTo(name);
}

const parameter = (name: string): object => ({ $ref: `#/components/parameters/${name}` });

function parametersOf({ path, query = {}, is_paged, is_idempotent }: Operation): object[] {
  return [
    ...(path.includes("{id}") ? [parameter("Id")] : []),
    ...(path.includes("{key}") ? [parameter("Key")] : []),
    ...(is_paged === true ? [parameter("Limit"), parameter("Cursor")] : []),
    ...Object.entries(query).map(([name, { schema, description }]) => ({
      name,
      in: "query",
      ...(description === undefined ? {} : { description }),
      schema: convertParameter(schema),
    })),
    ...(is_idempotent === true ? [parameter("IdempotencyKey")] : []),
  ];
}

function bodyOf({ body }: Operation, names: Names): object {
  if (body === undefined) return {};
  const { schema, is_required, description } = body;
  const content = schema === "bytes" ? { "*/*": {} } : { "application/json": { schema: named(schema, names) } };
  const told = description === undefined ? {} : { description };
  return { requestBody: { ...told, ...(is_required ? { required: true } : {}), content } };
}

function answerOf({ description, schema, content_type }: Answer, operation: Operation, names: Names): object {
  const type = content_type ?? (schema === null ? null : "application/json");
  const replayed = { "Idempotency-Replayed": { $ref: "#/components/headers/IdempotencyReplayed" } };
  return {
    description,
    ...(operation.is_idempotent === true ? { headers: replayed } : {}),
    ...(type === null ? {} : { content: { [type]: schema === null ? {} : { schema: named(schema, names) } } }),
  };
}

/** An operation as the document has it. */
export function pathItemOf(operation: Operation, tag: string, names: Names): object {
  const { id, summary, description, scope, answers } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(scope === null ? {} : { security: [{ token: [scope] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(operation, names),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, operation, names)]),
      ),
      ...problemsOf(operation),
    },
  };
}
