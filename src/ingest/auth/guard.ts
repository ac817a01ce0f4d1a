import type { Isolate } from "../../context.ts";
import { type RateLimiter, createRateLimiter } from "./rate-limit.ts";
import { type VerifyingKeys, createVerifyingKeys } from "./verifying-keys.ts";

/** What the door of ingest keeps between requests. */
export type Guard = { readonly verifyingKeys: VerifyingKeys; readonly rateLimiter: RateLimiter };

const guards = new WeakMap<Isolate, Guard>();

/** The isolate's guard, made on first use. */
export function guardOf(isolate: Isolate): Guard {
  const known = guards.get(isolate);
  if (known !== undefined) return known;
  const guard = { verifyingKeys: createVerifyingKeys(isolate.keys), rateLimiter: createRateLimiter() };
  guards.set(isolate, guard);
  return guard;
}
