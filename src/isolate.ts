import { type Catalog, createCatalog } from "./catalog/catalog.ts";
import { type IntegrationCache, createIntegrationCache } from "./catalog/integration-cache.ts";
import { type Health, createHealth } from "./delivery/health.ts";
import { type Signers, createSigners } from "./delivery/signers.ts";
import { type Env, type Settings, readSettings } from "./env.ts";
import { type IdMinter, createIdMinter } from "./model/ids.ts";
import { type KeyRing, createKeyRing } from "./secrets/key-ring.ts";

/** What an isolate keeps between requests: nothing of any one request, only what all share. */
export type Isolate = {
  readonly settings: Settings;
  readonly keys: KeyRing;
  readonly mint: IdMinter;
  readonly integrations: IntegrationCache;
  readonly catalog: Catalog;
  readonly signers: Signers;
  readonly health: Health;
};

let current: Isolate | null = null;

function create(env: Env): Isolate {
  const settings = readSettings(env);
  const now = () => Date.now();
  const keys = createKeyRing(settings.master_key);
  return {
    settings,
    keys,
    mint: createIdMinter(now, (length) => crypto.getRandomValues(new Uint8Array(length))),
    integrations: createIntegrationCache(env.DB, now),
    catalog: createCatalog(env.DB, now),
    signers: createSigners(keys),
    health: createHealth(now),
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
