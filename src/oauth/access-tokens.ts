import type { PrimaryDatabase } from "../platform/shards.ts";
import type { Settings } from "../settings.ts";
import { LruMap } from "../platform/lru.ts";
import { withTimeout } from "../platform/with-timeout.ts";
import { type Result, fail, ok } from "../model/result.ts";
import type { KeyRing } from "../crypto/key-ring.ts";
import type { AcquireOrder, TokenFault } from "./acquire.ts";
import { type OAuthDestination, type StoredToken, isUsable } from "./stored-token.ts";

const MAX_TOKENS = 2_000;
/** How long after its deadline a search counts as dead, in ms: the request that began it may have been cancelled. */
const GRACE_MS = 5_000;

/** A request for a token. `rejected` is the token that the destination has just refused. */
export type TokenOrder = {
  readonly db: PrimaryDatabase;
  readonly destination: OAuthDestination;
  readonly rejected: string | null;
  readonly now: () => number;
  readonly timeout_ms: number;
};

/** The access tokens of destinations: requested once, cached by the isolate, and shared with others through the database. */
export type AccessTokens = {
  /** Returns a token that is valid as far as is known. The message of a fault is a sentence for the log. */
  find(order: TokenOrder): Promise<Result<string, TokenFault>>;
  /** Must be called when a destination was authorized again. */
  forget(destinationId: string): void;
};

type Cached = { readonly configuration: string; readonly token: StoredToken };
type Search = { readonly found: Promise<Result<string, TokenFault>>; readonly dead_at: number };

function configurationOf({ url, auth }: OAuthDestination): string {
  return `${url} ${JSON.stringify(auth)}`;
}

/** Makes access tokens over a key ring. */
export function createAccessTokens(keys: KeyRing, settings: Settings): AccessTokens {
  const cached = new LruMap<string, Cached>({ max: MAX_TOKENS });
  const searches = new Map<string, Search>();

  function cachedToken({ destination, rejected, now }: TokenOrder): string | null {
    const known = cached.get(destination.id);
    if (known === undefined || known.configuration !== configurationOf(destination)) return null;
    return isUsable(known.token, rejected, now()) ? known.token.access_token : null;
  }

  async function search(order: AcquireOrder): Promise<Result<string, TokenFault>> {
    // Ingest has this cache, too, and needs no OAuth client.
    const { acquire } = await import("./acquire.ts");
    const acquired = await acquire(keys, settings, order);
    if (!acquired.ok) return acquired;
    const { token, is_stored } = acquired.value;
    if (is_stored) cached.set(order.destination.id, { configuration: configurationOf(order.destination), token });
    return ok(token.access_token);
  }

  /** Joins the search in flight for the same token, or begins one. */
  function joinSearch(order: TokenOrder): Promise<Result<string, TokenFault>> {
    const { db, destination, rejected, now, timeout_ms } = order;
    const name = `${destination.id} ${configurationOf(destination)} ${rejected ?? ""}`;
    const known = searches.get(name);
    if (known !== undefined && now() < known.dead_at) return known.found;
    const found = search({ db, destination, rejected, now, deadline_ms: now() + timeout_ms }).finally(() => {
      if (searches.get(name)?.found === found) searches.delete(name);
    });
    searches.set(name, { found, dead_at: now() + timeout_ms + GRACE_MS });
    return found;
  }

  return {
    async find(order) {
      const known = cachedToken(order);
      if (known !== null) return ok(known);
      const found = await withTimeout(order.timeout_ms + GRACE_MS, () => joinSearch(order));
      switch (found.kind) {
        case "done":
          return found.value;
        case "failed":
          throw found.error;
        case "timed_out":
          return fail({ message: "No access token was received in time.", is_held: false });
      }
    },
    forget(destinationId) {
      cached.delete(destinationId);
    },
  };
}
