import type { Context } from "hono";
import type { Env } from "../platform/bindings.ts";
import type { Application } from "../net/application.ts";
import { type Problem, problemResponse } from "../net/problem.ts";
import { readBody } from "../net/read-body.ts";
import { contextOf } from "../context.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { readBodyText } from "./body.ts";
import type { Answer, Call, Verb } from "./call.ts";
import { runOnce } from "./idempotency.ts";
import { refuseBody } from "./problems.ts";

type AdminEnv = { Bindings: Env };
export type AdminApp = Application;

const METHODS = ["GET", "POST", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];
export type Verbs = { readonly [M in Method]?: Verb };

const TAKES_BODY = { GET: false, POST: true, PATCH: true, DELETE: false } as const satisfies Record<Method, boolean>;
/** What a path takes a body for. `bytes`: request and headers are a sample of what someone else sends, nothing of them is for us. */
type BodyKind = "text" | "bytes";

const MAX_SAMPLE_BYTES = 1_000_000;
const NOTHING = { bodyText: "", bodyBytes: new Uint8Array(0) };
const ID = /^[0-9A-Za-z_]{1,64}$/;

export function unknownPath(): Response {
  return problemResponse({ status: 404, title: "Nothing is found at this address." });
}

function toResponse({ status, body, json, replayed }: Answer): Response {
  const headers = replayed === true ? { "idempotency-replayed": "true" } : {};
  if (json !== undefined) {
    return new Response(json, { status, headers: { ...headers, "content-type": "application/json" } });
  }
  return body === null ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

type GivenBody = Pick<Call, "bodyText" | "bodyBytes">;

async function readBytes(request: Request): Promise<Result<GivenBody, Problem>> {
  const bytes = await readBody(request, MAX_SAMPLE_BYTES);
  if (bytes.ok) return ok({ ...NOTHING, bodyBytes: bytes.value });
  switch (bytes.error) {
    case "too_large":
      return fail({ status: 413, title: "The body is too large: a sample may have at most 1 MB." });
    case "incomplete":
      return refuseBody([{ path: "", message: "did not arrive as a whole" }]);
  }
}

async function readAs(kind: BodyKind, request: Request): Promise<Result<GivenBody, Problem>> {
  switch (kind) {
    case "text": {
      const text = await readBodyText(request);
      return text.ok ? ok({ ...NOTHING, bodyText: text.value }) : text;
    }
    case "bytes":
      return await readBytes(request);
  }
}

async function respond(c: Context<AdminEnv>, method: Method, verb: Verb, kind: BodyKind): Promise<Response> {
  const id = c.req.param("id");
  if (id !== undefined && !ID.test(id)) return unknownPath();
  const body = TAKES_BODY[method] ? await readAs(kind, c.req.raw) : ok(NOTHING);
  if (!body.ok) return problemResponse(body.error);
  const takesKey = method === "POST" && kind === "text";
  const call = {
    context: contextOf(c.env),
    method,
    url: new URL(c.req.url),
    id: id ?? "",
    headers: c.req.raw.headers,
    ...body.value,
    idempotencyKey: takesKey ? (c.req.header("idempotency-key") ?? null) : null,
  };
  const result = await runOnce(call, verb);
  return result.ok ? toResponse(result.value) : problemResponse(result.error);
}

/** Serves a path with its verbs; other methods are answered with 405. */
export function mount(app: AdminApp, path: string, verbs: Verbs, bodyKind: BodyKind = "text"): void {
  const allowed: string[] = [];
  for (const method of METHODS) {
    const verb = verbs[method];
    if (verb === undefined) continue;
    allowed.push(method === "GET" ? "GET, HEAD" : method);
    app.on(method, path, (c) => respond(c, method, verb, bodyKind));
  }
  const allow = allowed.join(", ");
  app.all(path, () =>
    problemResponse({
      status: 405,
      title: `This address takes only ${allow}.`,
      headers: { allow },
    }),
  );
}
