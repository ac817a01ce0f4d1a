import type { Context } from "../../context.ts";
import { sessionSecretHasChecksum } from "../../crypto/checksums.ts";
import type { KeyRing } from "../../crypto/key-ring.ts";
import { type SessionKey, type SessionWithToken, findSession, touchSession } from "../../storage/config/sessions.ts";
import { hasExpired } from "../../model/token.ts";
import type { Caller } from "../request.ts";
import { ADMIN } from "../token-caller.ts";
import { type CookieValue, readCookie } from "./cookie.ts";
import { TOUCH_EVERY_MS, endOfSession } from "./lifetime.ts";

/** Returns the key under which a session is stored. */
export async function keyOf(keys: KeyRing, { token_id, secret }: CookieValue): Promise<SessionKey> {
  return { token_id, hash: await keys.hashToken(`session ${token_id} ${secret}`) };
}

/** Returns the holder of a session's token; null if the token has ended, or `ADMIN_TOKEN` has changed. */
async function holderOf(
  { settings, keys, clock }: Context,
  { session, token }: SessionWithToken,
): Promise<Caller | null> {
  if (session.admin_hash !== null) {
    return (await keys.tokenMatches(settings.admin_token, session.admin_hash)) ? { ...ADMIN, session } : null;
  }
  if (token === null || hasExpired(token, clock())) return null;
  return { actor: token.id, scopes: token.scopes, token, session };
}

/** The caller that a cookie stands for. `cookie` is null unless the browser must be told that the session lasts longer. */
export type SessionCaller = { readonly caller: Caller; readonly cookie: CookieValue | null };

/** Returns the caller of a request with the cookie of a session; null if it has none, or the session has ended. */
export async function callerOfSession(context: Context, headers: Headers): Promise<SessionCaller | null> {
  const { primary, keys, clock } = context;
  const cookie = readCookie(headers);
  if (cookie === null || !(await sessionSecretHasChecksum(keys, cookie.token_id, cookie.secret))) return null;
  const key = await keyOf(keys, cookie);
  const found = await findSession(primary, key);
  const nowMs = clock();
  if (found === null || endOfSession(found.session.used_at) <= nowMs) return null;
  const caller = await holderOf(context, found);
  if (caller === null) return null;
  if (nowMs - Date.parse(found.session.used_at) < TOUCH_EVERY_MS) return { caller, cookie: null };
  const used_at = new Date(nowMs).toISOString();
  await touchSession(primary, key, used_at);
  return { caller: { ...caller, session: { ...found.session, used_at } }, cookie };
}
