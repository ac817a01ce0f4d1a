import type { MiddlewareHandler } from "hono";
import { contextOf } from "../context.ts";
import { problemResponse } from "../net/problem.ts";
import type { ApiEnv } from "./application.ts";
import { refuseOtherOrigin } from "./own-origin.ts";
import { type CookieValue, cookieFor } from "./sessions/cookie.ts";
import { callerOfSession } from "./sessions/session-caller.ts";
import { callerOfToken } from "./token-caller.ts";

const BEARER_SCHEME = /^Bearer(?: |$)/i;
const BEARER = /^Bearer +(\S+) *$/i;
/** Methods that change nothing. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

function unauthenticated(): Response {
  return problemResponse({
    code: "unauthenticated",
    title: "The request has no valid token or session.",
    headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
  });
}

/**
 * Refuses requests without a valid token or session and sets the caller of the others. The router compares its scopes with what
 * each endpoint declares. A token counts before a session, and a wrong token is refused even with a session. Hono's own
 * `bearerAuth` returns 400 for a malformed header; the contract says 401.
 */
export const authenticate: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const { headers, method } = c.req.raw;
  const context = contextOf(c.env);
  const authorization = headers.get("authorization") ?? "";
  let renewed: CookieValue | null = null;
  if (BEARER_SCHEME.test(authorization)) {
    const token = BEARER.exec(authorization)?.[1];
    const caller = token === undefined ? null : await callerOfToken(context, token);
    if (caller === null) return unauthenticated();
    c.set("caller", caller);
  } else {
    const found = await callerOfSession(context, headers);
    if (found === null) return unauthenticated();
    const refusal = SAFE_METHODS.has(method) ? null : refuseOtherOrigin(headers, new URL(c.req.url));
    if (refusal !== null) return problemResponse({ ...refusal, headers: { "cache-control": "no-store" } });
    c.set("caller", found.caller);
    renewed = found.cookie;
  }
  await next();
  // Responses may contain a secret that is shown once.
  c.res.headers.set("cache-control", "no-store");
  if (renewed !== null && !c.res.headers.has("set-cookie")) {
    c.res.headers.set("set-cookie", cookieFor(renewed, new URL(c.req.url)));
  }
  return undefined;
};
