import type { PrimaryDatabase } from "../platform/shards.ts";
import type { Settings } from "../settings.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { KeyRing } from "../crypto/key-ring.ts";
import { dropToken, readToken, releaseLease, replaceToken, takeLease } from "../storage/destinations/oauth-tokens.ts";
import { describeError, logLine } from "../platform/log.ts";
import { type OAuthDestination, type StoredToken, keep, openClientSecret, openToken } from "./stored-token.ts";
import { type Grant, requestToken } from "./token-endpoint.ts";

/** How long a lease outlasts the request that it is for, in ms: the token has to be written too. */
const LEASE_GRACE_MS = 15_000;
/** How often one who waits for another's token looks whether it is there, in ms. */
const LOOK_EVERY_MS = 200;
const MAX_WRITES = 3;

const UNOPENED = "The credentials could not be opened: they were sealed under another MASTER_KEY.";
const UNAUTHORIZED =
  "The destination is not authorized yet: POST /api/v1/destinations/{id}/authorize says where to do that.";
const RUN_OUT = "The authorization has run out and cannot be renewed: authorize the destination again.";
const CHANGED = "The destination was changed meanwhile.";
const TOO_LATE = "Another attempt is renewing the access token and was not done in time.";

export type AcquireOrder = {
  readonly db: PrimaryDatabase;
  readonly destination: OAuthDestination;
  readonly rejected: string | null;
  readonly now: () => number;
  readonly deadline_ms: number;
};

/** `is_on_record`: others find it too. One that is not is for the attempt in hand only. */
export type Acquired = { readonly token: StoredToken; readonly is_on_record: boolean };

/** Whether a token may be used now, and is not the one that was refused. */
export function isUsable({ access_token, use_until }: StoredToken, rejected: string | null, now_ms: number): boolean {
  return access_token !== rejected && (use_until === null || now_ms < use_until);
}

function grantFor({ auth }: OAuthDestination, stored: StoredToken | null): Result<Grant, string> {
  switch (auth.type) {
    case "oauth2_client_credentials":
      return ok({ type: "client_credentials" });
    case "oauth2_authorization_code": {
      if (stored === null) return fail(UNAUTHORIZED);
      const { refresh_token } = stored;
      return refresh_token === null ? fail(RUN_OUT) : ok({ type: "refresh_token", refresh_token });
    }
  }
}

async function stored(
  keys: KeyRing,
  { id, auth }: OAuthDestination,
  sealed: string | null,
): Promise<Result<StoredToken | null, string>> {
  if (sealed === null) return ok(null);
  const opened = await openToken(keys, sealed, id);
  if (opened.ok) return opened;
  // A client's own token can be had again; one that somebody consented to cannot.
  return auth.type === "oauth2_client_credentials" ? ok(null) : fail(UNOPENED);
}

/** A refresh token is spent by now, so that its successor must not be lost to a hiccup of the database. */
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

async function renew(
  keys: KeyRing,
  settings: Settings,
  { db, destination, now, deadline_ms }: AcquireOrder,
  grant: Grant,
  read: { readonly sealed: string | null; readonly token: StoredToken | null; readonly leased_until: number },
): Promise<Result<Acquired, string>> {
  const secret = await openClientSecret(keys, destination);
  if (!secret.ok) {
    await releaseLease(db, destination.id, read.leased_until);
    return fail(UNOPENED);
  }
  const granted = await requestToken({
    auth: destination.auth,
    client_secret: secret.value,
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
      return fail(`${message} Authorize the destination again.`);
    }
    await releaseLease(db, destination.id, read.leased_until);
    return fail(message);
  }
  const { token, row } = await keep(keys, destination, granted.value, read.token?.refresh_token ?? null, now());
  const is_on_record = await persist(() => replaceToken(db, destination, read.sealed, row), destination.id);
  return ok({ token, is_on_record });
}

/**
 * Finds a usable token on record, or replaces it. Of all who want to replace one, in whatever isolate, a single one holds the
 * lease and asks the token endpoint; the others wait for what it gets. A lease that nobody gave back runs out by itself.
 */
export async function acquire(
  keys: KeyRing,
  settings: Settings,
  order: AcquireOrder,
): Promise<Result<Acquired, string>> {
  const { db, destination, rejected, now, deadline_ms } = order;
  for (;;) {
    const row = await readToken(db, destination);
    if (row === "changed") return fail(CHANGED);
    const sealed = row?.sealed ?? null;
    const opened = await stored(keys, destination, sealed);
    if (!opened.ok) return opened;
    const token = opened.value;
    if (token !== null && isUsable(token, rejected, now())) return ok({ token, is_on_record: true });
    const grant = grantFor(destination, token);
    if (!grant.ok) return grant;
    const now_ms = now();
    if (now_ms >= deadline_ms) return fail(TOO_LATE);
    const leased_until = deadline_ms + LEASE_GRACE_MS;
    if (await takeLease(db, destination, sealed, now_ms, leased_until)) {
      return await renew(keys, settings, order, grant.value, { sealed, token, leased_until });
    }
    await scheduler.wait(LOOK_EVERY_MS);
  }
}
