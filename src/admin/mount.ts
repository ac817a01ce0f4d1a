import type { Context, Hono } from "hono";
import type { Env } from "../env.ts";
import { type Problem, problemResponse } from "../http/problem.ts";
import { isolateOf } from "../isolate.ts";
import { type Result, ok } from "../model/result.ts";
import { readBodyText } from "./body.ts";
import type { Answer, Verb } from "./call.ts";
import { runOnce } from "./once.ts";

type AdminEnv = { Bindings: Env };
export type AdminApp = Hono<AdminEnv>;

const METHODS = ["GET", "POST", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];
export type Verbs = { readonly [M in Method]?: Verb };

const TAKES_BODY = { GET: false, POST: true, PATCH: true, DELETE: false } as const satisfies Record<Method, boolean>;
const ID = /^[0-9A-Za-z_]{1,64}$/;

export function unknownPath(): Response {
  return problemResponse({ status: 404, title: "Nothing is found at this address." });
}

function toResponse({ status, body, replayed }: Answer): Response {
  const headers = replayed === true ? { "idempotency-replayed": "true" } : {};
  return body === null ? new Response(null, { status, headers }) : Response.json(body, { status, headers });
}

async function respond(c: Context<AdminEnv>, method: Method, verb: Verb): Promise<Response> {
  const id = c.req.param("id");
  if (id !== undefined && !ID.test(id)) return unknownPath();
  const bodyText: Result<string, Problem> = TAKES_BODY[method] ? await readBodyText(c.req.raw) : ok("");
  if (!bodyText.ok) return problemResponse(bodyText.error);
  const call = {
    env: c.env,
    isolate: isolateOf(c.env),
    method,
    url: new URL(c.req.url),
    id: id ?? "",
    bodyText: bodyText.value,
    idempotencyKey: method === "POST" ? (c.req.header("idempotency-key") ?? null) : null,
  };
  const result = await runOnce(call, verb);
  return result.ok ? toResponse(result.value) : problemResponse(result.error);
}

/** Serves a path with its verbs; other methods are answered with 405. */
export function mount(app: AdminApp, path: string, verbs: Verbs): void {
  const allowed: string[] = [];
  for (const method of METHODS) {
    const verb = verbs[method];
    if (verb === undefined) continue;
    allowed.push(method === "GET" ? "GET, HEAD" : method);
    app.on(method, path, (c) => respond(c, method, verb));
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
