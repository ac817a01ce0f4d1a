import type { MiddlewareHandler } from "hono";
import { type Context, contextOf } from "../context.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { type Problem, problemResponse } from "../net/problem.ts";
import type { ApiEnv } from "./application.ts";
import { refuseOtherOrigin } from "./own-origin.ts";
import type { Caller } from "./request.ts";
import { type CookieValue, cookieFor } from "./sessions/cookie.ts";
import { callerOfSession } from "./sessions/session-caller.ts";
import { callerOfToken } from "./token-caller.ts";

const BEARER_SCHEME = /^Bearer(?: |$)/i;
const BEARER = /^Bearer +(\S+) *$/i;
/** Methods that change nothing. */
const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD"]);

const UNAUTHENTICATED: Problem = {
  code: "unauthenticated",
  title: "The request has no valid token or session.",
  headers: { "www-authenticate": "Bearer" },
};

type Identified = {
  readonly caller: Caller;
  /** The cookie of a session that lasts longer by this request; null if there is nothing to tell the browser. */
  readonly renewed: CookieValue | null;
};

async function fromAccess(context: Context, headers: Headers): Promise<Result<Caller | null, Problem>> {
  if (context.settings.access === null) return ok(null);
  // A chunk of its own, with the library that it needs.
  const { callerOfAccess } = await import("./access/access-caller.ts");
  return await callerOfAccess(context, headers);
}

/** Returns the caller whom the browser identifies by itself, with every request to this host. */
async function fromBrowser(context: Context, { headers, method, url }: Request): Promise<Result<Identified, Problem>> {
  const session = await callerOfSession(context, headers);
  const access = session === null ? await fromAccess(context, headers) : ok(session.caller);
  if (!access.ok) return access;
  if (access.value === null) return fail(UNAUTHENTICATED);
  const refusal = SAFE_METHODS.has(method) ? null : refuseOtherOrigin(headers, new URL(url));
  return refusal === null ? ok({ caller: access.value, renewed: session?.cookie ?? null }) : fail(refusal);
}

/** Returns the caller of a request. A token counts before a session, and a wrong token is refused even with a session. */
async function identify(context: Context, request: Request): Promise<Result<Identified, Problem>> {
  const authorization = request.headers.get("authorization") ?? "";
  if (!BEARER_SCHEME.test(authorization)) return await fromBrowser(context, request);
  const token = BEARER.exec(authorization)?.[1];
  const caller = token === undefined ? null : await callerOfToken(context, token);
  return caller === null ? fail(UNAUTHENTICATED) : ok({ caller, renewed: null });
}

/**
 * Refuses requests without valid credentials and sets the caller of the others. The router compares its scopes with what each
 * endpoint declares. Hono's own `bearerAuth` returns 400 for a malformed header; the contract says 401.
 */
export const authenticate: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const identified = await identify(contextOf(c.env), c.req.raw);
  if (!identified.ok) {
    const { headers } = identified.error;
    return problemResponse({ ...identified.error, headers: { ...headers, "cache-control": "no-store" } });
  }
  const { caller, renewed } = identified.value;
  c.set("caller", caller);
  await next();
  // Responses may contain a secret that is shown once.
  c.res.headers.set("cache-control", "no-store");
  if (renewed !== null && !c.res.headers.has("set-cookie")) {
    c.res.headers.set("set-cookie", cookieFor(renewed, new URL(c.req.url)));
  }
  return undefined;
};
