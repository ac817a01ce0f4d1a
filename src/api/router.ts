import type { Context } from "hono";
import * as z from "zod/mini";
import { contextOf } from "../context.ts";
import { type Scope, isAllowed } from "../model/token.ts";
import { type Problem, problemResponse } from "../net/problem.ts";
import type { ApiApplication, ApiEnv } from "./application.ts";
import { type Endpoint, METHODS, PATH_PARAMETERS, isIdempotent } from "./endpoint.ts";
import { refuseTakenExternalId, resolveFilters, resolvePath } from "./external-ids.ts";
import { withIdempotencyKey } from "./idempotency.ts";
import { notifyListeners } from "./notify-listeners.ts";
import { refuseDamagedSegment } from "./problems.ts";
import { parseBody, parseQuery, receiveBody } from "./read-input.ts";
import type { ApiResponse, Caller, Outcome } from "./request.ts";

const ANONYMOUS: Caller = { actor: "anonymous", scopes: [], token: null, session: null };

type Parameter = keyof typeof PATH_PARAMETERS;

export function unknownPath(): Response {
  return problemResponse({ code: "unknown_path", title: "Nothing is found at this address." });
}

function toResponse({ status, body, headers = {}, web_socket }: ApiResponse): Response {
  if (web_socket !== undefined) return new Response(null, { status, headers, webSocket: web_socket });
  if (body === null || body instanceof ReadableStream) return new Response(body, { status, headers });
  return Response.json(body, { status, headers });
}

function missingScope(held: readonly Scope[], needed: Scope | null): Problem | null {
  if (needed === null || isAllowed(held, needed)) return null;
  return {
    code: "missing_scope",
    title: "This token lacks the scope for this request.",
    detail: `The request needs a token with the scope "${needed}".`,
  };
}

function isParameter(name: string): name is Parameter {
  return Object.hasOwn(PATH_PARAMETERS, name);
}

/** Whether each parameter of the path has the form that it must have. */
function isWellFormed(parameters: Readonly<Record<string, string>>): boolean {
  return Object.entries(parameters).every(([name, value]) => isParameter(name) && PATH_PARAMETERS[name].test(value));
}

/** Returns the function that serves an endpoint. */
function serve(endpoint: Endpoint): (c: Context<ApiEnv>) => Promise<Response> {
  const querySchema = endpoint.query === undefined ? null : z.strictObject(endpoint.query);
  return async (c) => {
    const caller = endpoint.scope === null ? ANONYMOUS : c.get("caller");
    const forbidden = missingScope(caller.scopes, endpoint.scope);
    if (forbidden !== null) return problemResponse(forbidden);
    const parameters = c.req.param();
    if (!isWellFormed(parameters)) return unknownPath();
    const received = await receiveBody(endpoint, c.req.raw);
    if (!received.ok) return problemResponse(received.error);
    const url = new URL(c.req.url);
    const { method, headers } = c.req.raw;
    const request = { context: contextOf(c.env), actor: caller.actor, caller, method, url, headers };
    const key = isIdempotent(endpoint) ? headers.get("idempotency-key") : null;
    const handle = async (): Promise<Outcome> => {
      const query = parseQuery(querySchema, url);
      if (!query.ok) return query;
      const body = parseBody(endpoint.body, received.value);
      if (!body.ok) return body;
      const resolved = await resolvePath(request.context, endpoint.path, parameters);
      const filters = await resolveFilters(request.context, query.value);
      return await endpoint.handler({ ...request, ...resolved, query: filters, body: body.value });
    };
    const respond = () => withIdempotencyKey(key, request, received.value.text, handle);
    const outcome = await refuseTakenExternalId(() => refuseDamagedSegment(respond));
    if ("error" in outcome) return problemResponse(outcome.error);
    await notifyListeners(request.context, endpoint.id);
    return toResponse(outcome);
  };
}

/** A declared path in the router's notation. */
function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => (name === "key" ? ":key{.+}" : `:${name}`));
}

/** Serves the endpoints of one path. Other methods are 405. */
function mountPath(app: ApiApplication, path: string, endpoints: readonly Endpoint[]): void {
  const pattern = patternOf(path);
  for (const endpoint of endpoints) app.on(endpoint.method, pattern, serve(endpoint));
  const methods = METHODS.filter((method) => endpoints.some((endpoint) => endpoint.method === method));
  const allow = methods.map((method) => (method === "GET" ? "GET, HEAD" : method)).join(", ");
  app.all(pattern, () => {
    return problemResponse({
      code: "method_not_allowed",
      title: `This address accepts only ${allow}.`,
      headers: { allow },
    });
  });
}

/** Serves the declared endpoints that need no token. It must be called before anything that refuses requests without one. */
export function mountOpenEndpoints(app: ApiApplication, endpoints: readonly Endpoint[]): void {
  for (const endpoint of endpoints) {
    if (endpoint.scope === null) app.on(endpoint.method, patternOf(endpoint.path), serve(endpoint));
  }
}

/** Serves declared endpoints. */
export function mountEndpoints(app: ApiApplication, endpoints: readonly Endpoint[]): void {
  for (const [path, here] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) mountPath(app, path, here);
}
