import { contextOf } from "../context.ts";
import type { ConnectionGrant } from "../model/connection.ts";
import { type ApiToken, hasExpired, isAllowed } from "../model/token.ts";
import type { Env } from "../platform/bindings.ts";
import { findSession } from "../storage/config/sessions.ts";
import { findToken } from "../storage/config/tokens.ts";

function endOf({ expires_at }: ApiToken): number | null {
  return expires_at === null ? null : Date.parse(expires_at);
}

/**
 * Returns a grant as it is now, or null if it has ended: the token was deleted, has expired or lost the scope, or the session
 * was ended. `ADMIN_TOKEN` changes with the Worker, whose deployment closes every connection.
 */
export async function renewGrant(env: Env, grant: ConnectionGrant): Promise<ConnectionGrant | null> {
  const { primary, clock } = contextOf(env);
  const { token_id, session, scope } = grant;
  if (session !== null && (await findSession(primary, session)) === null) return null;
  if (token_id === null) return grant;
  const token = await findToken(primary, token_id);
  if (token === null || hasExpired(token, clock()) || !isAllowed(token.scopes, scope)) return null;
  return { ...grant, ends_at: endOf(token) };
}
