import { type Catalog, createCatalog } from "./config-cache/config.ts";
import { type IntegrationCache, createIntegrationCache } from "./config-cache/integrations.ts";
import { type Health, createHealth } from "./delivery/limits/health.ts";
import { type Signers, createSigners } from "./delivery/request/signers.ts";
import { type Env, type Settings, readSettings } from "./settings.ts";
import { type IdMinter, createIdMinter } from "./model/ids.ts";
import { type AccessTokens, createAccessTokens } from "./oauth/access-tokens.ts";
import { type KeyRing, createKeyRing } from "./crypto/key-ring.ts";
import { homeOf } from "./platform/shards.ts";

/** What an isolate keeps between requests: nothing of any one request, only what all share. */
export type Isolate = {
  readonly settings: Settings;
  readonly keys: KeyRing;
  readonly mint: IdMinter;
  readonly integrations: IntegrationCache;
  readonly catalog: Catalog;
  readonly signers: Signers;
  readonly health: Health;
  readonly accessTokens: AccessTokens;
};

const POOL_BYTES = 4_096;

/** Random bytes, drawn many at a time: asking the platform costs more than the bytes. None is given out twice. */
function createRandomPool(): (length: number) => Uint8Array {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return (length) => {
    if (used + length > POOL_BYTES) {
      crypto.getRandomValues(pool);
      used = 0;
    }
    used += length;
    return pool.subarray(used - length, used);
  };
}

let current: Isolate | null = null;

/** Configuration is read from the home, whichever shard's work an isolate begins with. */
function create(env: Env): Isolate {
  const { DB } = homeOf(env);
  const settings = readSettings(env);
  const now = () => Date.now();
  const keys = createKeyRing(settings.master_key);
  return {
    settings,
    keys,
    mint: createIdMinter(now, createRandomPool()),
    integrations: createIntegrationCache(DB, now),
    catalog: createCatalog(DB, now),
    signers: createSigners(keys),
    health: createHealth(now),
    accessTokens: createAccessTokens(keys, settings),
  };
}

/** The isolate's own state, made on first use. */
export function isolateOf(env: Env): Isolate {
  return (current ??= create(env));
}

/** Forgets all of it, for tests that change the variables or empty the database. */
export function forgetIsolate(): void {
  current = null;
}
