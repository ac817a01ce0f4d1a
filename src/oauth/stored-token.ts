import type { Destination, OAuth } from "../model/destination.ts";
import { type Result, ok } from "../model/result.ts";
import { type KeyRing, type UnsealError, unsealStored } from "../crypto/key-ring.ts";
import type { NewToken } from "../storage/destinations/oauth-tokens.ts";
import type { Granted } from "./token-endpoint.ts";

const EARLY_MS = 60_000;
const EARLY_SHARE = 0.1;
const MAX_LIFETIME_SECONDS = 10 * 365 * 86_400;

/** A destination that authenticates by OAuth2. */
export type OAuthDestination = Destination & { readonly auth: OAuth };

/** Returns whether a destination authenticates by OAuth2. */
export function usesOAuth(destination: Destination): destination is OAuthDestination {
  return destination.auth.type === "oauth2_client_credentials" || destination.auth.type === "oauth2_authorization_code";
}

/** A token as it is sealed. It is used until `use_until`, which is shortly before it expires; null if it does not expire. */
export type StoredToken = {
  readonly access_token: string;
  readonly refresh_token: string | null;
  readonly use_until: number | null;
};

/** Seals a granted token for the database. A refresh without a new refresh token leaves the earlier one valid. */
export async function sealToken(
  keys: KeyRing,
  destination: OAuthDestination,
  granted: Granted,
  earlierRefreshToken: string | null,
  now_ms: number,
): Promise<{ readonly token: StoredToken; readonly row: NewToken }> {
  const { access_token, expires_in } = granted;
  const isAuthorized = destination.auth.type === "oauth2_authorization_code";
  const refresh_token = isAuthorized ? (granted.refresh_token ?? earlierRefreshToken) : null;
  const lifetime = expires_in === null ? null : Math.floor(Math.min(expires_in, MAX_LIFETIME_SECONDS) * 1_000);
  const use_until = lifetime === null ? null : now_ms + lifetime - Math.min(EARLY_MS, lifetime * EARLY_SHARE);
  const token = { access_token, refresh_token, use_until };
  return {
    token,
    row: {
      sealed: await keys.seal(JSON.stringify(token), destination.id),
      expires_at: lifetime === null ? null : now_ms + lifetime,
      renewable: !isAuthorized || refresh_token !== null,
    },
  };
}

/** Opens a token that `sealToken` sealed. */
export async function openToken(
  keys: KeyRing,
  sealed: string,
  destinationId: string,
): Promise<Result<StoredToken, UnsealError>> {
  const opened = await keys.unseal(sealed, destinationId);
  if (!opened.ok) return opened;
  const token: StoredToken = JSON.parse(opened.value);
  return ok(token);
}

/**
 * Opens the secret of a destination's client. Returns null for a client without one. Throws a KeysUnavailableError if the gateway
 * cannot use its keys.
 */
export async function openClientSecret(
  keys: KeyRing,
  { id, auth }: OAuthDestination,
): Promise<Result<string | null, Exclude<UnsealError, "unknown_key">>> {
  return auth.sealed_client_secret === null ? ok(null) : await unsealStored(keys, auth.sealed_client_secret, id);
}

/** Returns whether a token may be used now and is not the one that was refused. */
export function isUsable({ access_token, use_until }: StoredToken, rejected: string | null, now_ms: number): boolean {
  return access_token !== rejected && (use_until === null || now_ms < use_until);
}
