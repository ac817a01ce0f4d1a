import type { PrimaryDatabase } from "../platform/shards.ts";
import type { Settings } from "../settings.ts";
import { LruMap } from "../platform/lru.ts";
import { withTimeout } from "../platform/with-timeout.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { KeyRing } from "../crypto/key-ring.ts";
import { type AcquireOrder, acquire, isUsable } from "./acquire.ts";
import type { OAuthDestination, StoredToken } from "./stored-token.ts";

const MAX_TOKENS = 2_000;
/** How long after its time a search for a token is taken for dead: the request that began it may have been ended. */
const GRACE_MS = 5_000;

/** A wish for a token. `rejected` is the one that the destination has just refused; at most `limit_ms` are spent on it. */
export type TokenOrder = {
  readonly db: PrimaryDatabase;
  readonly destination: OAuthDestination;
  readonly rejected: string | null;
  readonly now: () => number;
  readonly limit_ms: number;
};

/** The access tokens of destinations: fetched once, kept by the isolate, and shared with others through the database. */
export type AccessTokens = {
  /** A token that is good as far as is known; the error says why there is none, for the log. */
  find(order: TokenOrder): Promise<Result<string, string>>;
  /** To be called when a destination was authorized anew. */
  forget(destinationId: string): void;
};

type Held = { readonly configuration: string; readonly token: StoredToken };
type Flight = { readonly found: Promise<Result<string, string>>; readonly dead_at: number };

function configurationOf({ url, auth }: OAuthDestination): string {
  return `${url} ${JSON.stringify(auth)}`;
}

export function createAccessTokens(keys: KeyRing, settings: Settings): AccessTokens {
  const held = new LruMap<string, Held>({ max: MAX_TOKENS });
  const flights = new Map<string, Flight>();

  function heldToken({ destination, rejected, now }: TokenOrder): string | null {
    const known = held.get(destination.id);
    if (known === undefined || known.configuration !== configurationOf(destination)) return null;
    return isUsable(known.token, rejected, now()) ? known.token.access_token : null;
  }

  async function search(order: AcquireOrder): Promise<Result<string, string>> {
    const acquired = await acquire(keys, settings, order);
    if (!acquired.ok) return acquired;
    const { token, is_on_record } = acquired.value;
    if (is_on_record) held.set(order.destination.id, { configuration: configurationOf(order.destination), token });
    return ok(token.access_token);
  }

  /** Joins the search that is under way for the same, or begins one. */
  function flightFor(order: TokenOrder): Promise<Result<string, string>> {
    const { db, destination, rejected, now, limit_ms } = order;
    const name = `${destination.id} ${configurationOf(destination)} ${rejected ?? ""}`;
    const known = flights.get(name);
    if (known !== undefined && now() < known.dead_at) return known.found;
    const found = search({ db, destination, rejected, now, deadline_ms: now() + limit_ms }).finally(() => {
      if (flights.get(name)?.found === found) flights.delete(name);
    });
    flights.set(name, { found, dead_at: now() + limit_ms + GRACE_MS });
    return found;
  }

  return {
    async find(order) {
      const known = heldToken(order);
      if (known !== null) return ok(known);
      const found = await withTimeout(order.limit_ms + GRACE_MS, () => flightFor(order));
      switch (found.kind) {
        case "done":
          return found.value;
        case "failed":
          throw found.error;
        case "timed_out":
          return fail("No access token could be had in time.");
      }
    },
    forget(destinationId) {
      held.delete(destinationId);
    },
  };
}
