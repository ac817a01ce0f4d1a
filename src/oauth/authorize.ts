import { generateState } from "../crypto/checksums.ts";
import * as oauth from "oauth4webapi";
import { checkUrl } from "../net/url-guard.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { Context } from "../context.ts";
import type { AuthorizationRequest } from "../storage/destinations/oauth-requests.ts";
import type { OAuthDestination } from "./stored-token.ts";

export const CALLBACK_PATH = "/oauth/callback";
const VALID_FOR_MS = 600_000;

/** Sealed with a request until its callback. The code may be sent to this token endpoint only. */
export type PendingAuthorization = {
  readonly code_verifier: string;
  readonly redirect_uri: string;
  readonly token_url: string;
};

/** A begun authorization: the URL that its owner must open, and the request to store until the callback. */
export type BegunAuthorization = { readonly authorization_url: string; readonly request: AuthorizationRequest };

/** Begins an authorization of a destination by code. Returns null if the destination authenticates in another way. */
export async function beginAuthorization(
  { keys, settings }: Pick<Context, "keys" | "settings">,
  destination: OAuthDestination,
  gateway: URL,
  now_ms: number,
): Promise<Result<BegunAuthorization, string> | null> {
  const { id, auth } = destination;
  if (auth.type !== "oauth2_authorization_code") return null;
  const url = checkUrl(auth.auth_url, {
    allowPrivate: settings.allow_private_destinations,
    ownHosts: [gateway.host],
  });
  if (!url.ok) return fail(url.error);
  const state = await generateState(keys);
  const pending: PendingAuthorization = {
    code_verifier: oauth.generateRandomCodeVerifier(),
    redirect_uri: `${gateway.origin}${CALLBACK_PATH}`,
    token_url: auth.token_url,
  };
  const parameters = {
    response_type: "code",
    client_id: auth.client_id,
    redirect_uri: pending.redirect_uri,
    ...(auth.scope === null ? {} : { scope: auth.scope }),
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.code_verifier),
    code_challenge_method: "S256",
  };
  const address = url.value;
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return ok({
    authorization_url: address.href,
    request: {
      state_hash: await keys.hashToken(state),
      destination_id: id,
      sealed: await keys.seal(JSON.stringify(pending), id),
      expires_at: now_ms + VALID_FOR_MS,
    },
  });
}
