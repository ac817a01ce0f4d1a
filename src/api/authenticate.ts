import type { MiddlewareHandler } from "hono";
import { contextOf } from "../context.ts";
import { API_TOKEN } from "../crypto/checksums.ts";
import { secretsMatch } from "../crypto/key-ring.ts";
import { SCOPES } from "../model/token.ts";
import { problemResponse } from "../net/problem.ts";
import type { Env } from "../platform/bindings.ts";
import { findTokenByHash } from "../storage/config/tokens.ts";
import type { ApiEnv, Caller } from "./application.ts";

const BEARER = /^Bearer +(\S+) *$/i;

/** The token in a request's header, valid or not. */
export function bearerOf(headers: Headers): string | undefined {
  return BEARER.exec(headers.get("authorization") ?? "")?.[1];
}

/** Returns the holder of a token, or null if the token is unknown or has expired. */
async function callerOf(env: Env, token: string): Promise<Caller | null> {
  const { primary, settings, keys, caches, clock } = contextOf(env);
  if (await secretsMatch(token, settings.admin_token)) return { actor: "admin", scopes: SCOPES };
  if (!API_TOKEN.test(token)) return null;
  const hash = await keys.hashToken(token);
  if (!(await caches.tokens.mayExist(token, hash))) return null;
  const found = await findTokenByHash(primary, hash);
  if (found === null || (found.expires_at !== null && Date.parse(found.expires_at) <= clock())) return null;
  return { actor: found.id, scopes: found.scopes };
}

/**
 * Refuses requests without a valid token and sets the caller of the others. The router compares its scopes with what each
 * endpoint declares. Hono's own `bearerAuth` returns 400 for a malformed header; the contract says 401.
 */
export const authenticate: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const token = bearerOf(c.req.raw.headers);
  const caller = token === undefined ? null : await callerOf(c.env, token);
  if (caller === null) {
    return problemResponse({
      code: "unauthenticated",
      title: "A valid API token is required.",
      detail: "Send the header Authorization: Bearer, followed by the token.",
      headers: { "www-authenticate": "Bearer", "cache-control": "no-store" },
    });
  }
  c.set("caller", caller);
  await next();
  // Responses may contain a secret that is shown once.
  c.res.headers.set("cache-control", "no-store");
  return undefined;
};
