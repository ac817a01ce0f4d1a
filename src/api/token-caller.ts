import type { Context } from "../context.ts";
import { API_TOKEN } from "../crypto/checksums.ts";
import { secretsMatch } from "../crypto/key-ring.ts";
import { SCOPES, hasExpired } from "../model/token.ts";
import { findTokenByHash } from "../storage/config/tokens.ts";
import type { Caller } from "./request.ts";

/** The holder of `ADMIN_TOKEN`, without a session. */
export const ADMIN: Caller = { actor: "admin", scopes: SCOPES, token: null, session: null };

/** Returns the holder of a token, or null if the token is unknown or has expired. */
export async function callerOfToken(context: Context, token: string): Promise<Caller | null> {
  const { primary, settings, keys, caches, clock } = context;
  if (await secretsMatch(token, settings.admin_token)) return ADMIN;
  if (!API_TOKEN.test(token)) return null;
  const hash = await keys.hashToken(token);
  if (!(await caches.tokens.mayExist(token, hash))) return null;
  const found = await findTokenByHash(primary, hash);
  if (found === null || hasExpired(found, clock())) return null;
  return { actor: found.id, scopes: found.scopes, token: found, session: null };
}
