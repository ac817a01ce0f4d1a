import { createMcpHandler } from "@modelcontextprotocol/server";
import { callerOfToken } from "../api/token-caller.ts";
import { type Context, contextOf } from "../context.ts";
import { isOwnDelivery } from "../net/gateway-header.ts";
import { type Problem, problemResponse } from "../net/problem.ts";
import type { Env } from "../platform/bindings.ts";
import { describeError, logLine } from "../platform/log.ts";
import { apiWith } from "./call-api.ts";
import { acceptedForm, acceptingBoth, asJson } from "./negotiation.ts";
import { createServer } from "./server.ts";

// The Model Context Protocol over stateless streamable HTTP: each request is complete, so no session is kept.

const MAX_REQUEST_BYTES = 262_144;
const BEARER = /^Bearer +(\S+) *$/i;

const UNAUTHENTICATED: Problem = {
  code: "unauthenticated",
  title: "The request has no valid token.",
  headers: { "www-authenticate": 'Bearer realm="hookgate"', "cache-control": "no-store" },
};

/** Refuses what no token makes acceptable: pages of other origins, and this gateway's own deliveries. */
async function refusalOf(context: Context, { headers, url }: Request): Promise<Problem | null> {
  const origin = headers.get("origin");
  if (origin !== null && origin !== new URL(url).origin) {
    return { code: "origin_not_allowed", title: "A page of another origin made this request." };
  }
  if (!(await isOwnDelivery(headers, () => context.keys.gatewayId()))) return null;
  return { code: "own_delivery", title: "This gateway itself sent this request." };
}

/** Answers a request to `/mcp`. Only a bearer token authenticates it: a cookie would let a page act. */
export async function mcpResponse(request: Request, env: Env): Promise<Response> {
  const context = contextOf(env);
  const refusal = await refusalOf(context, request);
  if (refusal !== null) return problemResponse(refusal);
  const token = BEARER.exec(request.headers.get("authorization") ?? "")?.[1];
  const caller = token === undefined ? null : await callerOfToken(context, token);
  if (token === undefined || caller === null) return problemResponse(UNAUTHENTICATED);
  const callApi = apiWith(env, new URL(request.url).origin, token);
  const handler = createMcpHandler(() => createServer(caller, callApi), {
    keepAliveMs: 0,
    maxRequestBodySize: MAX_REQUEST_BYTES,
    onerror: (error) => logLine("warn", "mcp.failed", { error: describeError(error) }),
  });
  const form = acceptedForm(request.headers.get("accept"));
  const answered = await handler.fetch(form === null ? request : acceptingBoth(request));
  const response = form === "json" ? await asJson(answered) : answered;
  const headers = new Headers(response.headers);
  headers.set("cache-control", "no-store");
  return new Response(response.body, { status: response.status, headers });
}
