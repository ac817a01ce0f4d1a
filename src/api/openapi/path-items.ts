import type { AnswerDeclaration } from "../endpoint.ts";
import { refToSchema } from "./convert.ts";
import type { Operation } from "./operation.ts";
import { queryParameter, sharedParameter } from "./parameters.ts";
import { problemsOf } from "./problems.ts";

function parametersOf({ path, query = {}, is_idempotent }: Operation): object[] {
  return [
    ...(path.includes("{id}") ? [sharedParameter("Id")] : []),
    ...(path.includes("{key}") ? [sharedParameter("Key")] : []),
    ...Object.entries(query).map(([name, schema]) => queryParameter(name, schema)),
    ...(is_idempotent ? [sharedParameter("IdempotencyKey")] : []),
  ];
}

function bodyOf({ body }: Operation): object {
  switch (body?.kind) {
    case undefined:
      return {};
    case "raw":
      return { requestBody: { description: body.description, content: { "*/*": {} } } };
    case "json": {
      const { schema, is_required, example } = body;
      const content = { schema: refToSchema(schema), ...(example === undefined ? {} : { example }) };
      const required = is_required ? { required: true } : {};
      return { requestBody: { ...required, content: { "application/json": content } } };
    }
  }
}

function contentOf(answer: AnswerDeclaration): object {
  const schema = "schema" in answer ? { schema: refToSchema(answer.schema) } : {};
  if ("content_type" in answer) return { content: { [answer.content_type]: schema } };
  return "schema" in answer ? { content: { "application/json": schema } } : {};
}

function answerOf(answer: AnswerDeclaration, { is_idempotent }: Operation): object {
  const replayed = { "Idempotency-Replayed": { $ref: "#/components/headers/IdempotencyReplayed" } };
  return { description: answer.description, ...(is_idempotent ? { headers: replayed } : {}), ...contentOf(answer) };
}

/** An operation in the document's notation. */
export function pathItemOf(operation: Operation, tag: string): object {
  const { id, summary, description, scope, takes_sessions = true, answers } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(scope === null ? {} : { security: [{ token: [scope] }, ...(takes_sessions ? [{ session: [] }] : [])] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(operation),
    responses: {
      ...problemsOf(operation),
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, operation)])),
    },
  };
}
