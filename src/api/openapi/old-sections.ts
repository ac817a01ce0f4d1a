import type * as z from "zod/mini";
import type { AnswerDeclaration, BodyDeclaration } from "../endpoint.ts";
import { pageQuery } from "../paging.ts";
import { answerSchema, documentedAs, documentedWith, requestSchema } from "../schema.ts";
import { ACCEPTED, ADDED } from "./accepted.ts";
import { destinations } from "./destinations.ts";
import type { Answer, Operation as OldOperation, Section as OldSection } from "./old-operation.ts";
import type { Operation, Section } from "./operation.ts";

const METHODS = { get: "GET", post: "POST", put: "PUT", patch: "PATCH", delete: "DELETE" } as const;

function isMini(schema: z.core.$ZodType): schema is z.ZodMiniType {
  return "check" in schema;
}

for (const [schema, json] of ACCEPTED) {
  const { _zod: internals } = schema;
  for (const each of [schema, internals.parent]) if (each !== undefined && isMini(each)) documentedAs(each, json);
}
for (const [schema, json] of ADDED) if (isMini(schema)) documentedWith(schema, json);

function bodyOf({ body }: OldOperation): { readonly body?: BodyDeclaration } {
  if (body === undefined) return {};
  const { schema, is_required, description = "" } = body;
  return { body: schema === "bytes" ? { kind: "raw", description } : { kind: "json", schema, is_required } };
}

function answerOf({ description, schema, content_type }: Answer): AnswerDeclaration {
  return {
    description,
    ...(schema === null ? {} : { schema }),
    ...(content_type === undefined ? {} : { content_type }),
  };
}

function operationOf(old: OldOperation): Operation {
  const { id, method, path, scope, summary, description, problems } = old;
  const own = Object.entries(old.query ?? {}).map(([name, { schema }]) => [name, schema] as const);
  const query = { ...(old.is_paged === true ? pageQuery("x") : {}), ...Object.fromEntries(own) };
  return {
    id,
    method: METHODS[method],
    path,
    scope,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(Object.keys(query).length === 0 ? {} : { query }),
    ...bodyOf(old),
    is_idempotent: old.is_idempotent === true,
    answers: Object.fromEntries(Object.entries(old.answers).map(([status, answer]) => [status, answerOf(answer)])),
    ...(problems === undefined ? {} : { problems }),
  };
}

function sectionOf({ tag, description, requests, answers, operations }: OldSection): Section {
  for (const [name, schema] of Object.entries(requests)) requestSchema(name, schema);
  for (const [name, schema] of Object.entries(answers)) answerSchema(name, schema);
  return { tag, description: description ?? null, operations: operations.map(operationOf) };
}

export const OLD_SECTIONS: readonly Section[] = [destinations].map(sectionOf);
