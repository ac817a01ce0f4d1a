import type { Context } from "../context.ts";
import { STATE, stateHasChecksum } from "../crypto/checksums.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { findDestination } from "../storage/destinations/destinations.ts";
import { takeAuthorizationRequest } from "../storage/destinations/oauth-requests.ts";
import { putToken } from "../storage/destinations/oauth-tokens.ts";
import type { PendingAuthorization } from "./authorize.ts";
import { sealToken, openClientSecret, usesOAuth } from "./stored-token.ts";
import { requestToken } from "./token-endpoint.ts";

/** An authorization that the release before began, whose state has no checksum, has ended by then, in ms. */
const UNCHECKED_FOR_MS = 3_600_000;
const MAX_CODE = 4_096;
const MAX_EXPLANATION = 300;

const UNKNOWN = "This authorization is unknown, was already used, or has expired. Begin it again.";
const CHANGED = "The destination was changed in the meantime. Begin the authorization again.";

/** Returns a parameter that occurs exactly once, or null. */
function only(parameters: URLSearchParams, name: string): string | null {
  const [value, ...others] = parameters.getAll(name);
  return value === undefined || others.length > 0 ? null : value;
}

/** Returns a text of the server as plain text of bounded length. */
function plainText(text: string | null): string {
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

/** Completes an authorization with its callback. Returns the destination's name, or an error for the person at the browser. */
export async function completeAuthorization(context: Context, callback: URL): Promise<Result<string, string>> {
  const { searchParams } = callback;
  const state = only(searchParams, "state");
  if (state === null || !STATE.test(state)) return fail(UNKNOWN);
  const { primary, keys, settings } = context;
  const nowMs = context.clock();
  if (nowMs >= (await keys.checksumsSince()) + UNCHECKED_FOR_MS && !(await stateHasChecksum(keys, state))) {
    return fail(UNKNOWN);
  }
  // The request is deleted first, so that a state is valid for one callback only.
  const request = await takeAuthorizationRequest(primary, await keys.hashToken(state));
  if (request === null || request.expires_at <= nowMs) return fail(UNKNOWN);
  const refusal = only(searchParams, "error");
  if (refusal !== null) {
    const description = plainText(only(searchParams, "error_description"));
    return fail(
      `The authorization server refused: ${plainText(refusal)}${description === "" ? "" : ` (${description})`}`,
    );
  }
  const code = only(searchParams, "code");
  if (code === null || code === "" || code.length > MAX_CODE) return fail("The callback has no code.");
  const destination = await findDestination(primary, request.destination_id);
  if (destination === null || !usesOAuth(destination)) return fail(CHANGED);
  const pending = await openPending(context, request.sealed, destination.id);
  const secret = await openClientSecret(keys, destination);
  if (pending === null || !secret.ok) return fail("The credentials were sealed under another MASTER_KEY.");
  const { token_url, ...proof } = pending;
  // A change deletes begun authorizations, but may come between the two reads.
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
  const { row } = await sealToken(keys, destination, granted.value, null, nowMs);
  if (!(await putToken(primary, destination, row))) return fail(CHANGED);
  context.caches.access_tokens.forget(destination.id);
  return ok(destination.name);
}
