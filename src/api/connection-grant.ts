import type { ConnectionGrant } from "../model/listen.ts";
import type { Scope } from "../model/token.ts";
import type { Caller } from "./request.ts";

/** A browser opens its connection again after this long, in ms, so that a session or a sign-in by Access that ended ends it. */
const RENEW_MS = 3_600_000;

/** Whether the browser authenticated the request by itself. A page of any origin can open a WebSocket, with the cookie. */
export function isOfBrowser({ session, actor }: Caller): boolean {
  return session !== null || actor.startsWith("access:");
}

/** Returns what allows a connection of a caller. */
export function grantOf(caller: Caller, scope: Scope, nowMs: number): ConnectionGrant {
  const { token, session } = caller;
  const expires_at = token?.expires_at ?? null;
  return {
    token_id: token?.id ?? null,
    session: session === null ? null : { token_id: session.token_id, hash: session.hash },
    scope,
    ends_at: expires_at === null ? null : Date.parse(expires_at),
    renew_at: isOfBrowser(caller) ? nowMs + RENEW_MS : null,
  };
}
