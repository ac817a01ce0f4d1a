import type { MiddlewareHandler } from "hono";
import type { Env } from "../env.ts";
import { problemResponse } from "../http/problem.ts";
import { isolateOf } from "../isolate.ts";
import { secretsMatch } from "../secrets/key-ring.ts";

const BEARER = /^Bearer +(\S+) *$/i;

/** Lets only the bearer of the admin token pass. Hono's own `bearerAuth` answers a malformed header with 400; here it is 401. */
export const authenticate: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const token = BEARER.exec(c.req.header("authorization") ?? "")?.[1];
  const { admin_token: expected } = isolateOf(c.env).settings;
  if (token === undefined || !(await secretsMatch(token, expected))) {
    return problemResponse({
      status: 401,
      title: "A valid API token is needed.",
      detail: "Send the header Authorization: Bearer, followed by the token.",
      headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
    });
  }
  await next();
  // Answers may hold a secret that is shown once.
  c.res.headers.set("cache-control", "no-store");
  return undefined;
};
