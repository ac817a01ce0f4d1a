import type { PrimaryDatabase } from "../platform/shards.ts";
import type { Settings } from "../settings.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { KeyRing } from "../crypto/key-ring.ts";
import { KeysUnavailableError } from "../crypto/keys-unavailable.ts";
import { dropToken, readToken, releaseLease, replaceToken, takeLease } from "../storage/destinations/oauth-tokens.ts";
import { describeError, logLine } from "../platform/log.ts";
import {
  type OAuthDestination,
  type StoredToken,
  sealToken,
  openClientSecret,
  openToken,
  isUsable,
} from "./stored-token.ts";
import { type Grant, requestToken } from "./token-endpoint.ts";

/** How long a lease outlasts the token request, in ms: the token must be stored, too. */
const LEASE_GRACE_MS = 15_000;
/**
 * The pauses after which a waiter checks whether another attempt has stored the token, in ms. Each check is a query, and an
 * invocation may make a thousand. After the last one the delivery waits in its queue.
 */
const PAUSES_MS = [200, 400, 800, 1_600, 2_000] as const;
const MAX_WRITES = 3;

const UNOPENED = "The credentials cannot be opened. Enter them again.";
const UNAUTHORIZED =
  "The destination is not authorized yet. POST /api/v1/destinations/{id}/authorize returns the URL for that.";
const EXPIRED = "The authorization has expired and cannot be renewed. Authorize the destination again.";
const CHANGED = "The destination was changed in the meantime.";
const TOO_LATE = "Another attempt is renewing the access token and did not finish in time.";

/** Why there is no token. With `is_held`, another attempt may get one: this one must not count. */
export type TokenFault = { readonly message: string; readonly is_held: boolean };

function refuse(message: string): { readonly ok: false; readonly error: TokenFault } {
  return fail({ message, is_held: false });
}

export type AcquireOrder = {
  readonly db: PrimaryDatabase;
  readonly destination: OAuthDestination;
  readonly rejected: string | null;
  readonly now: () => number;
  readonly deadline_ms: number;
};

/** A token. One that could not be stored is for this attempt only. */
export type Acquired = { readonly token: StoredToken; readonly is_stored: boolean };

function grantFor({ auth }: OAuthDestination, stored: StoredToken | null): Result<Grant, string> {
  switch (auth.type) {
    case "oauth2_client_credentials":
      return ok({ type: "client_credentials" });
    case "oauth2_authorization_code": {
      if (stored === null) return fail(UNAUTHORIZED);
      const { refresh_token } = stored;
      return refresh_token === null ? fail(EXPIRED) : ok({ type: "refresh_token", refresh_token });
    }
  }
}

async function openStored(
  keys: KeyRing,
  { id, auth }: OAuthDestination,
  sealed: string | null,
): Promise<Result<StoredToken | null, string>> {
  if (sealed === null) return ok(null);
  const opened = await openToken(keys, sealed, id);
  if (opened.ok) return opened;
  // A client's own token can be requested again. One that a person consented to cannot.
  if (auth.type === "oauth2_client_credentials") return ok(null);
  if (opened.error === "unknown_key") throw new KeysUnavailableError("unknown_key");
  return fail(UNOPENED);
}

/** Retries the write: the refresh token is used up, so its successor must not be lost when the database fails for a moment. */
async function persist(write: () => Promise<boolean>, destinationId: string): Promise<boolean> {
  for (let round = 1; ; round++) {
    try {
      return await write();
    } catch (error) {
      logLine("error", "access_token.store_failed", { destination_id: destinationId, error: describeError(error) });
      if (round === MAX_WRITES) return false;
      await scheduler.wait(round * 100);
    }
  }
}

type ReadForRenewal = {
  readonly sealed: string | null;
  readonly token: StoredToken | null;
  readonly client_secret: string | null;
  readonly leased_until: number;
};

async function renew(
  keys: KeyRing,
  settings: Settings,
  { db, destination, now, deadline_ms }: AcquireOrder,
  grant: Grant,
  read: ReadForRenewal,
): Promise<Result<Acquired, TokenFault>> {
  const granted = await requestToken({
    auth: destination.auth,
    client_secret: read.client_secret,
    grant,
    timeout_ms: Math.max(1, deadline_ms - now()),
    allow_private: settings.allow_private_destinations,
    own_hosts: [],
    gateway_id: await keys.gatewayId(),
  });
  if (!granted.ok) {
    const { message, is_final } = granted.error;
    if (is_final && grant.type === "refresh_token" && read.sealed !== null) {
      await dropToken(db, destination.id, read.sealed);
      return refuse(`${message} Authorize the destination again.`);
    }
    await releaseLease(db, destination.id, read.leased_until);
    return refuse(message);
  }
  const { token, row } = await sealToken(keys, destination, granted.value, read.token?.refresh_token ?? null, now());
  const is_stored = await persist(() => replaceToken(db, destination, read.sealed, row), destination.id);
  return ok({ token, is_stored });
}

/**
 * Finds a usable token in the database, or replaces it. Of all attempts in all isolates one holds the lease and calls the
 * token endpoint; the others wait for its token, for a few seconds. A lease that is not released expires.
 */
export async function acquire(
  keys: KeyRing,
  settings: Settings,
  order: AcquireOrder,
): Promise<Result<Acquired, TokenFault>> {
  const { db, destination, rejected, now, deadline_ms } = order;
  const pauses = PAUSES_MS.values();
  for (;;) {
    const row = await readToken(db, destination);
    if (row === "changed") return refuse(CHANGED);
    const sealed = row?.sealed ?? null;
    const opened = await openStored(keys, destination, sealed);
    if (!opened.ok) return refuse(opened.error);
    const token = opened.value;
    if (token !== null && isUsable(token, rejected, now())) return ok({ token, is_stored: true });
    const grant = grantFor(destination, token);
    if (!grant.ok) return refuse(grant.error);
    const secret = await openClientSecret(keys, destination);
    if (!secret.ok) return refuse(UNOPENED);
    const now_ms = now();
    const leased_until = deadline_ms + LEASE_GRACE_MS;
    const isFree = now_ms < deadline_ms && (row === null || row.leased_until <= now_ms);
    if (isFree && (await takeLease(db, destination, sealed, now_ms, leased_until))) {
      const read = { sealed, token, client_secret: secret.value, leased_until };
      return await renew(keys, settings, order, grant.value, read);
    }
    const pause = pauses.next().value;
    if (pause === undefined || now_ms >= deadline_ms) return fail({ message: TOO_LATE, is_held: true });
    await scheduler.wait(pause);
  }
}
