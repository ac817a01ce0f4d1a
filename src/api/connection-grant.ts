import type { ConnectionGrant } from "../model/connection.ts";
import type { Scope } from "../model/token.ts";
import type { Problem } from "../net/problem.ts";
import { refuseOtherOrigin } from "./own-origin.ts";
import type { Caller } from "./request.ts";

/** A browser opens its connection again after this long, in ms, so that a session or a sign-in by Access that ended ends it. */
const RENEW_MS = 3_600_000;

const UPGRADE = { upgrade: "websocket", connection: "Upgrade" };

/** Whether the browser authenticated the request by itself. A page of any origin can open a WebSocket, with the cookie. */
function isOfBrowser({ session, actor }: Caller): boolean {
  return session !== null || actor.startsWith("access:");
}

/** Refuses a request that does not open a WebSocket, or that a page of another origin makes; null if it is acceptable. */
export function refuseConnection(caller: Caller, headers: Headers, url: URL): Problem | null {
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return { code: "upgrade_required", title: "This address opens a WebSocket only.", headers: UPGRADE };
  }
  return isOfBrowser(caller) ? refuseOtherOrigin(headers, url) : null;
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
