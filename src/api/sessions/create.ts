import { generateSessionSecret } from "../../crypto/checksums.ts";
import { fail } from "../../model/result.ts";
import { type StoredSession, insertSession } from "../../storage/config/sessions.ts";
import { endpoint, jsonBody, returns } from "../endpoint.ts";
import { refuseOtherOrigin } from "../own-origin.ts";
import { callerOfToken } from "../token-caller.ts";
import { clientNetwork } from "./client-address.ts";
import { cookieFor } from "./cookie.ts";
import { session, sessionCreation, viewSession } from "./fields.ts";
import { endedBefore } from "./lifetime.ts";
import { keyOf } from "./session-caller.ts";

const NO_STORE = { "cache-control": "no-store" } as const;

export const create = endpoint({
  id: "sessions.create",
  method: "POST",
  path: "/sessions",
  scope: null,
  summary: "Begin a session",
  description: "The answer sets the cookie `hookgate_session`. `Idempotency-Key` has no effect.",
  body: jsonBody(sessionCreation, { token: "hgt_…" }),
  answers: { 201: returns(session, "Begun.") },
  problems: {
    400: "The body was not accepted.",
    401: "The token is not valid.",
    403: "A page of another origin made the request.",
    413: "The body is larger than 1 MB.",
    429: "Ten wrong tokens came from this address within a minute.",
  },
}).handle(async ({ context, headers, url, body }) => {
  const otherOrigin = headers.has("origin") ? refuseOtherOrigin(headers, url) : null;
  if (otherOrigin !== null) return fail(otherOrigin);
  const { primary, keys, caches, settings, clock } = context;
  const nowMs = clock();
  const from = clientNetwork(headers);
  const waitSeconds = caches.guess_limiter.take(from, nowMs);
  if (waitSeconds !== null) {
    return fail({
      code: "too_many_guesses",
      title: "Too many wrong tokens came from this address.",
      headers: { "retry-after": String(waitSeconds), ...NO_STORE },
    });
  }
  const holder = await callerOfToken(context, body.token);
  if (holder === null) {
    return fail({
      code: "unauthenticated",
      title: "The token is not valid.",
      detail: "Check that it is complete and has not expired.",
      headers: { "www-authenticate": "Bearer", ...NO_STORE },
    });
  }
  caches.guess_limiter.giveBack(from, nowMs);
  const token_id = holder.token?.id ?? "admin";
  const cookie = { token_id, secret: await generateSessionSecret(keys, token_id) };
  const at = new Date(nowMs).toISOString();
  const admin_hash = holder.token === null ? await keys.hashToken(settings.admin_token) : null;
  const begun: StoredSession = { ...(await keyOf(keys, cookie)), admin_hash, created_at: at, used_at: at };
  await insertSession(primary, begun, endedBefore(nowMs));
  return {
    status: 201,
    body: viewSession({ ...holder, session: begun }),
    headers: { "set-cookie": cookieFor(cookie, url), ...NO_STORE },
  };
});
