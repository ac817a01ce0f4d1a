import type { Context } from "hono";
import { type Problem, problemResponse } from "../net/problem.ts";
import { readBody } from "../net/read-body.ts";
import { contextOf } from "../context.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { readBodyText } from "./body.ts";
import type { Call, Verb } from "./call.ts";
import type { ApiResponse } from "./endpoint.ts";
import { withIdempotencyKey } from "./idempotency.ts";
import { refuseBody } from "./problems.ts";
import { type Scope, isAllowed } from "../model/token.ts";
import type { ApiApplication, ApiEnv } from "./application.ts";
import { unknownPath } from "./router.ts";

export type AdminApp = ApiApplication;

const METHODS = ["GET", "POST", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];
export type Verbs = { readonly [M in Method]?: Verb };

const TAKES_BODY = { GET: false, POST: true, PATCH: true, DELETE: false } as const satisfies Record<Method, boolean>;
/** What a path takes a body for. `bytes`: request and headers are a sample of what someone else sends, nothing of them is for us. */
type BodyKind = "text" | "bytes";

const MAX_SAMPLE_BYTES = 1_000_000;
const NOTHING = { bodyText: "", bodyBytes: new Uint8Array(0) };
const ID = /^[0-9A-Za-z_]{1,64}$/;

function neededScope(method: Method): Scope {
  return method === "GET" ? "read" : "write";
}

function toResponse({ status, body, headers = {} }: ApiResponse): Response {
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

async function respond(c: Context<ApiEnv>, method: Method, verb: Verb, kind: BodyKind): Promise<Response> {
  if (!isAllowed(c.get("scopes"), neededScope(method))) {
    return problemResponse({ status: 403, title: "This token lacks the scope for this request." });
  }
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
  };
  const key = takesKey ? (c.req.header("idempotency-key") ?? null) : null;
  const outcome = await withIdempotencyKey(key, call, call.bodyText, async () => {
    const result = await verb(call);
    return result.ok ? result.value : result;
  });
  return "error" in outcome ? problemResponse(outcome.error) : toResponse(outcome);
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
