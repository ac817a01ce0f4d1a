import { fromJSONSchema } from "zod";
import { expect } from "vitest";
import * as z from "zod/mini";
import { OPERATIONS, buildDocument } from "../../../src/api/openapi/build.ts";
import type { Operation } from "../../../src/api/openapi/operation.ts";
import { problem } from "../../../src/api/schema.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { type Reply, request } from "../../support/api.ts";

const text = JSON.stringify(buildDocument()).replaceAll("#/components/schemas/", "#/$defs/");
const content = z.optional(z.record(z.string(), z.object({ schema: z.optional(z.record(z.string(), z.unknown())) })));
const documented = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        requestBody: z.optional(z.object({ content })),
        responses: z.record(z.string(), z.object({ content })),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});
const { paths, components } = documented.parse(JSON.parse(text));

const checkers = new Map<string, z.ZodMiniType>();

/** A schema of the document, ready to check with. */
function checker(schema: Readonly<Record<string, unknown>>): z.ZodMiniType {
  const key = JSON.stringify(schema);
  const known = checkers.get(key);
  if (known !== undefined) return known;
  const made = fromJSONSchema({ ...schema, $defs: JSON.parse(JSON.stringify(components.schemas)) });
  checkers.set(key, made);
  return made;
}

function operationAt(method: string, path: string): Operation {
  const [plain = ""] = path.split("?");
  const fits = OPERATIONS.filter((operation) => {
    const pattern = operation.path.replaceAll("{id}", "[^/]+").replaceAll("{key}", ".+");
    return operation.method === method && new RegExp(`^${pattern}$`).test(plain);
  });
  const found = fits.toSorted((one, other) => other.path.length - one.path.length)[0];
  if (found === undefined) throw new Error(`${method} ${path} is not in the document`);
  return found;
}

const anyObject = z.record(z.string(), z.any());

export type Answer = Reply & { readonly json: z.output<typeof anyObject> };

/** What was seen of the API: an operation's id and the status. */
export const seen = new Set<string>();

/** Throws where an answer is not what the document says, by the schema that it is made from and by its own. */
export function checkAnswer(method: string, path: string, { status, json, text: body }: Omit<Answer, "headers">): void {
  const operation = operationAt(method, path);
  seen.add(`${operation.id} ${status}`);
  const answer = operation.answers[status];
  const told = paths[operation.path]?.[operation.method.toLowerCase()]?.responses[status];
  if (told === undefined) throw new Error(`${operation.id} answered ${status}: ${body}`);
  if (answer === undefined) problem.parse(json);
  else if ("schema" in answer) {
    answer.schema.parse(json);
    const [entry] = Object.values(told.content ?? {});
    if (entry?.schema === undefined) throw new Error(`${operation.id} does not say what a ${status} holds`);
    checker(entry.schema).parse(json);
  } else if (!("content_type" in answer) && body !== "") throw new Error(`${operation.id} answered: ${body}`);
}

/** Whether the document takes a body. */
export function takesBody(method: string, path: string, body: unknown): boolean {
  const operation = operationAt(method, path);
  const [entry] = Object.values(paths[operation.path]?.[operation.method.toLowerCase()]?.requestBody?.content ?? {});
  return entry?.schema === undefined || checker(entry.schema).safeParse(body).success;
}

/** Calls the API as the administrator; what is sent and what is answered has to be as the document says. Nothing is queued. */
export async function talk(
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const queues = { EVENTS: fakeQueue().queue, DELIVERIES: fakeQueue().queue };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const reply = await request(path, init, queues);
  const answer = { ...reply, json: reply.text === "" ? {} : anyObject.parse(JSON.parse(reply.text)) };
  checkAnswer(method, `/api/v1${path}`, answer);
  if (body !== undefined && reply.status < 300 && !takesBody(method, `/api/v1${path}`, body)) {
    throw new Error(`The document would not take ${JSON.stringify(body)} at ${method} ${path}`);
  }
  return answer;
}

/** Calls every endpoint of transformations. */
export async function talkOfTransformations(): Promise<void> {
  const code = "export default (event) => ({ ...event, payload: null });\n";
  const { json } = await talk("POST", "/transformations", { name: "t", code, external_id: "t" });
  await talk("POST", "/integrations", { name: "hook", type: "catch", transformation_id: "t" });
  await talk("PATCH", `/transformations/${json.id}`, { code: `${code}//` });
  for (const path of [
    "/transformations?name=t",
    "/transformations/t",
    "/transformations/t/versions?limit=1",
    "/transformations/t/runs",
  ]) {
    expect((await talk("GET", path)).status).toBe(200);
  }
  await talk("POST", "/transformations/t/rollback", { version: 1 });
  await talk("POST", "/transformations/t/replay");
  await talk("POST", "/transformations/t/replay", { dry_run: false, from: "2026-11-20T10:00:00Z", to: null });
  await talk("POST", "/transformations/t/preview", { body: { a: 1 }, kind: "destination" });
  await talk("POST", "/transformation-previews", { code: "export default () => x;", body: 1 });
  expect((await talk("POST", "/transformations", { name: "t", code: "export default {" })).status).toBe(400);
  expect((await talk("DELETE", "/transformations/t")).status).toBe(409);
  await talk("DELETE", "/transformations/t?force=true");
}
