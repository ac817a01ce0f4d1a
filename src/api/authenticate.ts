import type { MiddlewareHandler } from "hono";
import type { Env } from "../platform/bindings.ts";
import { problemResponse } from "../net/problem.ts";
import { contextOf } from "../context.ts";
import { SCOPES, type Scope, isAllowed } from "../model/token.ts";
import { secretsMatch } from "../crypto/key-ring.ts";
import { findTokenByHash } from "../storage/config/tokens.ts";

const BEARER = /^Bearer +(\S+) *$/i;
/** The form of the tokens that are made here, so that nothing else costs a look into the database. */
const API_TOKEN = /^hgt_[A-Za-z0-9+/]{43}=$/;
const TOKENS_PATH = /^(?:\/api\/v1)?\/tokens(?:\/|$)/;

/** The token that a request brings, valid or not. */
export function bearerOf(headers: Headers): string | undefined {
  return BEARER.exec(headers.get("authorization") ?? "")?.[1];
}

/** What the bearer of a token may do; null where it is none of ours, or has expired. */
async function scopesOf(env: Env, token: string): Promise<readonly Scope[] | null> {
  const { primary, settings, keys } = contextOf(env);
  if (await secretsMatch(token, settings.admin_token)) return SCOPES;
  if (!API_TOKEN.test(token)) return null;
  const found = await findTokenByHash(primary, await keys.hashToken(token));
  if (found === null || (found.expires_at !== null && Date.parse(found.expires_at) <= Date.now())) return null;
  return found.scopes;
}

function neededScope(method: string, path: string): Scope {
  if (TOKENS_PATH.test(path)) return "admin";
  return method === "GET" || method === "HEAD" ? "read" : "write";
}

/** Lets only holders of a token pass. Hono's own `bearerAuth` answers a malformed header with 400; here it is 401. */
export const authenticate: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const token = bearerOf(c.req.raw.headers);
  const scopes = token === undefined ? null : await scopesOf(c.env, token);
  if (scopes === null) {
    return problemResponse({
      status: 401,
      title: "A valid API token is needed.",
      detail: "Send the header Authorization: Bearer, followed by the token.",
      headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
    });
  }
  const needed = neededScope(c.req.method, c.req.path);
  if (!isAllowed(scopes, needed)) {
    return problemResponse({
      status: 403,
      title: "This token may not do that.",
      detail: `It takes a token with the scope "${needed}".`,
      headers: { "cache-control": "no-store" },
    });
  }
  await next();
  // Answers may hold a secret that is shown once.
  c.res.headers.set("cache-control", "no-store");
  return undefined;
};
