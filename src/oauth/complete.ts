import type { Context } from "../context.ts";
import { STATE, stateHasChecksum } from "../crypto/checksums.ts";
import { unsealStored } from "../crypto/key-ring.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { findDestination } from "../storage/destinations/destinations.ts";
import { findAuthorizationRequest, takeAuthorizationRequest } from "../storage/destinations/oauth-requests.ts";
import { putToken } from "../storage/destinations/oauth-tokens.ts";
import type { PendingAuthorization } from "./authorize.ts";
import { type OAuthDestination, sealToken, openClientSecret, usesOAuth } from "./stored-token.ts";
import { requestToken } from "./token-endpoint.ts";

/** An authorization that the release before began, whose state has no checksum, has ended by then, in ms. */
const UNCHECKED_FOR_MS = 3_600_000;
const MAX_CODE = 4_096;
const MAX_EXPLANATION = 300;

const UNKNOWN = "This authorization is unknown, was already used, or has expired. Begin it again.";
const CHANGED = "The destination was changed in the meantime. Begin the authorization again.";
const DAMAGED = "The stored credentials are damaged. Enter them again, then begin the authorization again.";

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

/** What a callback needs to request a token. */
type Opened = { readonly pending: PendingAuthorization; readonly client_secret: string | null };

/** Opens a request and the client's secret. Returns null if either is damaged. Throws if the gateway lacks the key. */
async function openRequest({ keys }: Context, sealed: string, destination: OAuthDestination): Promise<Opened | null> {
  const opened = await unsealStored(keys, sealed, destination.id);
  const secret = await openClientSecret(keys, destination);
  if (!opened.ok || !secret.ok) return null;
  const pending: PendingAuthorization = JSON.parse(opened.value);
  return { pending, client_secret: secret.value };
}

/**
 * Completes an authorization with its callback. Returns the destination's name, or an error for the person at the browser.
 * Throws a KeysUnavailableError, and keeps the state, if the gateway cannot use its keys.
 */
export async function completeAuthorization(context: Context, callback: URL): Promise<Result<string, string>> {
  const { searchParams } = callback;
  const state = only(searchParams, "state");
  if (state === null || !STATE.test(state)) return fail(UNKNOWN);
  const { primary, keys, settings } = context;
  const nowMs = context.clock();
  if (nowMs >= (await keys.checksumsSince()) + UNCHECKED_FOR_MS && !(await stateHasChecksum(keys, state))) {
    return fail(UNKNOWN);
  }
  const stateHash = await keys.hashToken(state);
  const request = await findAuthorizationRequest(primary, stateHash);
  if (request === null || request.expires_at <= nowMs) return fail(UNKNOWN);
  const destination = await findDestination(primary, request.destination_id);
  const client = destination !== null && usesOAuth(destination) ? destination : null;
  // Everything is opened before the state is used up: a key that the gateway lacks is a 503, and the callback can come again.
  const opened = client === null ? null : await openRequest(context, request.sealed, client);
  // The request is deleted before the code is used, so that a state is valid for one callback only.
  if (!(await takeAuthorizationRequest(primary, stateHash))) return fail(UNKNOWN);
  const refusal = only(searchParams, "error");
  if (refusal !== null) {
    const description = plainText(only(searchParams, "error_description"));
    return fail(
      `The authorization server refused: ${plainText(refusal)}${description === "" ? "" : ` (${description})`}`,
    );
  }
  const code = only(searchParams, "code");
  if (code === null || code === "" || code.length > MAX_CODE) return fail("The callback has no code.");
  if (client === null) return fail(CHANGED);
  if (opened === null) return fail(DAMAGED);
  const { token_url, ...proof } = opened.pending;
  // A change deletes begun authorizations, but may come between the two reads.
  if (token_url !== client.auth.token_url) return fail(CHANGED);
  const granted = await requestToken({
    auth: client.auth,
    client_secret: opened.client_secret,
    grant: { type: "authorization_code", code, ...proof },
    timeout_ms: client.timeout_ms,
    allow_private: settings.allow_private_destinations,
    own_hosts: [callback.host],
    gateway_id: await keys.gatewayId(),
  });
  if (!granted.ok) return fail(granted.error.message);
  const { row } = await sealToken(keys, client, granted.value, null, nowMs);
  if (!(await putToken(primary, client, row))) return fail(CHANGED);
  context.caches.access_tokens.forget(client.id);
  return ok(client.name);
}
