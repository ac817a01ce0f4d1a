import type { Context } from "../context.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { findDestination } from "../storage/destinations/destinations.ts";
import { takeAuthorizationRequest } from "../storage/destinations/oauth-requests.ts";
import { putToken } from "../storage/destinations/oauth-tokens.ts";
import type { PendingAuthorization } from "./authorize.ts";
import { keep, openClientSecret, usesOAuth } from "./stored-token.ts";
import { requestToken } from "./token-endpoint.ts";

const STATE = /^[A-Za-z0-9_-]{43}$/;
const MAX_CODE = 4_096;
const MAX_EXPLANATION = 300;

const UNKNOWN = "This authorization is not known, was used already, or has run out. Begin it anew.";
const CHANGED = "The destination was changed meanwhile. Begin the authorization anew.";

/** A parameter that is there exactly once. */
function only(parameters: URLSearchParams, name: string): string | null {
  const [value, ...others] = parameters.getAll(name);
  return value === undefined || others.length > 0 ? null : value;
}

/** What the server says, as plain text of a bounded length. */
function told(text: string | null): string {
  return (text ?? "")
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, MAX_EXPLANATION)
    .toWellFormed();
}

async function openPending(
  { keys }: Context,
  sealed: string,
  destinationId: string,
): Promise<PendingAuthorization | null> {
  const opened = await keys.unseal(sealed, destinationId);
  if (!opened.ok) return null;
  const pending: PendingAuthorization = JSON.parse(opened.value);
  return pending;
}

/** Ends an authorization with what its callback brought: answers the destination's name, or what went wrong. */
export async function completeAuthorization(context: Context, callback: URL): Promise<Result<string, string>> {
  const { searchParams } = callback;
  const state = only(searchParams, "state");
  if (state === null || !STATE.test(state)) return fail(UNKNOWN);
  const { primary, keys, settings } = context;
  const nowMs = context.clock();
  // Taken off the record first, so that whatever follows a state is good for one callback only.
  const request = await takeAuthorizationRequest(primary, await keys.hashToken(state));
  if (request === null || request.expires_at <= nowMs) return fail(UNKNOWN);
  const refusal = only(searchParams, "error");
  if (refusal !== null) {
    const description = told(only(searchParams, "error_description"));
    return fail(`The authorization server refused: ${told(refusal)}${description === "" ? "" : ` (${description})`}`);
  }
  const code = only(searchParams, "code");
  if (code === null || code === "" || code.length > MAX_CODE) return fail("The callback carries no code.");
  const destination = await findDestination(primary, request.destination_id);
  if (destination === null || !usesOAuth(destination)) return fail(CHANGED);
  const pending = await openPending(context, request.sealed, destination.id);
  const secret = await openClientSecret(keys, destination);
  if (pending === null || !secret.ok) return fail("The credentials were sealed under another MASTER_KEY.");
  const { token_url, ...proof } = pending;
  // A change drops what was begun, but may come between the two looks at the database.
  if (token_url !== destination.auth.token_url) return fail(CHANGED);
  const granted = await requestToken({
    auth: destination.auth,
    client_secret: secret.value,
    grant: { type: "authorization_code", code, ...proof },
    timeout_ms: destination.timeout_ms,
    allow_private: settings.allow_private_destinations,
    own_hosts: [callback.host],
    gateway_id: await keys.gatewayId(),
  });
  if (!granted.ok) return fail(granted.error.message);
  const { row } = await keep(keys, destination, granted.value, null, nowMs);
  if (!(await putToken(primary, destination, row))) return fail(CHANGED);
  context.caches.access_tokens.forget(destination.id);
  return ok(destination.name);
}
