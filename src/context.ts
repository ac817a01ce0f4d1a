import { createAddressList } from "./config-cache/addresses.ts";
import { type ConfigCache, createConfigCache } from "./config-cache/config.ts";
import { type IntegrationCache, createIntegrationCache } from "./config-cache/integrations.ts";
import { type KeyStore, createKeyStore } from "./config-cache/keys.ts";
import { type Changes, createChanges } from "./delivery/listeners/changes.ts";
import { notifyWatchers } from "./delivery/listeners/objects.ts";
import { createRevisionCheck } from "./config-cache/revision.ts";
import { type TokenList, createTokenList } from "./config-cache/tokens.ts";
import { type TransformationCache, createTransformationCache } from "./config-cache/transformations.ts";
import { type KeyRing, createKeyRing } from "./crypto/key-ring.ts";
import { type Health, createHealth } from "./delivery/limits/health.ts";
import { type Signers, createSigners } from "./delivery/request/signers.ts";
import { type RateLimiter, createRateLimiter } from "./ingest/auth/rate-limit.ts";
import { type Numberings, createNumberings } from "./ingest/numbering.ts";
import { type Rejections, createRejections } from "./ingest/rejections.ts";
import { type Pacing, createPacing } from "./ingest/pacing.ts";
import { type PublishedKeys, createPublishedKeys } from "./ingest/auth/key-finder.ts";
import { type VerifyingKeys, createVerifyingKeys } from "./ingest/auth/verifying-keys.ts";
import { type IdMinter, createIdMinter } from "./model/ids.ts";
import { type AccessTokens, createAccessTokens } from "./oauth/access-tokens.ts";
import { type Env, missingBindings } from "./platform/bindings.ts";
import { type GuessLimiter, createGuessLimiter } from "./platform/guess-limiter.ts";
import { type PrimaryDatabase, type Shard, type Shards, platformOf } from "./platform/shards.ts";
import { type TransformationBreaker, createTransformationBreaker } from "./transformations/breaker.ts";
import { type RunLog, createRunLog } from "./transformations/run-log.ts";
import { type Settings, readSettings } from "./settings.ts";

/** State that an isolate keeps between requests. Nothing in it belongs to one request. */
export type Caches = {
  readonly integrations: IntegrationCache;
  readonly config: ConfigCache;
  readonly key_store: KeyStore;
  readonly tokens: TokenList;
  readonly transformations: TransformationCache;
  readonly transformation_breaker: TransformationBreaker;
  readonly transformation_runs: RunLog;
  readonly signers: Signers;
  readonly health: Health;
  readonly access_tokens: AccessTokens;
  readonly verifying_keys: VerifyingKeys;
  readonly published_keys: PublishedKeys;
  readonly rate_limiter: RateLimiter;
  /** Guesses of tokens at `/sessions`. */
  readonly guess_limiter: GuessLimiter;
  readonly numberings: Numberings;
  readonly rejections: Rejections;
  readonly pacing: Pacing;
  /** Notifies the dashboards that are open. */
  readonly changes: Changes;
};

/** What every step works with. */
export type Context = {
  /** The configuration, and everything that belongs to destinations. */
  readonly primary: PrimaryDatabase;
  /** The shard whose events this step works on. */
  readonly shard: Shard;
  readonly shards: Shards;
  /** Bodies too large for a queue message or a row; shared by all shards. */
  readonly bodies: R2Bucket;
  /** The bindings as they are, for the optional ones (platform/bindings.ts). */
  readonly env: Env;
  readonly settings: Settings;
  readonly keys: KeyRing;
  readonly mint: IdMinter;
  readonly caches: Caches;
  /** Returns the time in ms since 1970. */
  readonly clock: () => number;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
};

type IsolateState = Pick<Context, "settings" | "keys" | "mint" | "caches">;

const POOL_BYTES = 4_096;

/** Returns a source of random bytes that draws many at a time, because the call costs more than the bytes. */
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

const clock = (): number => Date.now();
const random = (): number => Math.random();

function createIsolateState(env: Env): IsolateState {
  const { primary } = platformOf(env);
  const settings = readSettings(env);
  const key_store = createKeyStore(primary, settings, clock);
  const keys = createKeyRing(key_store);
  const revisionNow = createRevisionCheck(primary, clock);
  const addresses = createAddressList(primary, keys, revisionNow, clock);
  const config = createConfigCache(primary, clock);
  const mint = createIdMinter(clock, createRandomPool());
  return {
    settings,
    keys,
    mint,
    caches: {
      integrations: createIntegrationCache(primary, addresses, revisionNow, clock),
      config,
      key_store,
      tokens: createTokenList(primary, keys, clock),
      transformations: createTransformationCache(primary),
      transformation_breaker: createTransformationBreaker(clock),
      transformation_runs: createRunLog(clock),
      signers: createSigners(keys),
      health: createHealth(clock),
      access_tokens: createAccessTokens(keys, settings),
      verifying_keys: createVerifyingKeys(keys),
      published_keys: createPublishedKeys({ allowPrivate: settings.allow_private_destinations, clock }),
      rate_limiter: createRateLimiter(),
      guess_limiter: createGuessLimiter({ guesses: 10, period_ms: 60_000 }),
      numberings: createNumberings(mint, clock),
      rejections: createRejections(),
      pacing: createPacing(clock, (ms) => scheduler.wait(ms)),
      changes: createChanges({
        call: () => notifyWatchers(env),
        watchedUntil: () => config.watchedUntil(),
        clock,
        wait: (ms) => scheduler.wait(ms),
      }),
    },
  };
}

let state: IsolateState | null = null;
let contexts = new WeakMap<Env, Context>();

/** Returns the context of an isolate's bindings, for shard 0. Throws if a variable or binding is missing or wrong. */
export function contextOf(env: Env): Context {
  const known = contexts.get(env);
  if (known !== undefined) return known;
  const missing = missingBindings(env);
  if (missing.length > 0) throw new Error(`Bindings are missing, or not of their kind: ${missing.join(", ")}`);
  const { primary, shards, bodies } = platformOf(env);
  state ??= createIsolateState(env);
  const context = { ...state, primary, shards, shard: shards[0], bodies, env, clock, random };
  contexts.set(env, context);
  return context;
}

/** Returns the context for the events of another shard. */
export function withShard(context: Context, shard: Shard): Context {
  return { ...context, shard };
}

/** Drops the isolate's state, for tests that change variables or empty the database. */
export function forgetContext(): void {
  state?.caches.rejections.clear();
  state = null;
  contexts = new WeakMap();
}
