import type { Context } from "../context.ts";
import { type KeyRing, unsealStored } from "../crypto/key-ring.ts";
import { parseExactAs } from "../model/exact-json.ts";
import { fail } from "../model/result.ts";
import {
  type EarlierRequest,
  claimIdempotencyKey,
  storeIdempotentResponse,
  releaseIdempotencyKey,
} from "../storage/config/api-idempotency-keys.ts";
import type { ApiRequest, ApiResponse, Caller, Outcome } from "./request.ts";

const MAX_KEY = 255;
const KEPT_MS = 24 * 60 * 60 * 1000;
/** A request that has run this long without a response counts as dead, and its key is free again. */
const ABANDONED_MS = 60_000;

type KeptResponse = Pick<ApiResponse, "status" | "body">;

/** Returns a keyed hash of the caller's token, which is the same for the sessions of the token. */
async function holderOf({ keys, settings }: Context, { actor, token }: Caller): Promise<string> {
  if (token !== null) return token.token_hash;
  return await keys.hashToken(actor === "admin" ? settings.admin_token : `actor ${actor}`);
}

/** Returns the key of one holder: responses contain secrets, and the holder of another token may guess a key. */
async function scopedKey(context: Context, caller: Caller, key: string): Promise<string> {
  return `${await holderOf(context, caller)} ${key}`;
}

async function run(handle: () => Promise<Outcome>): Promise<Outcome> {
  const outcome = await handle();
  if (!("error" in outcome)) await outcome.commit?.([]);
  return outcome;
}

async function repeat(keys: KeyRing, key: string, requestHash: string, earlier: EarlierRequest): Promise<Outcome> {
  if (earlier.request_hash !== requestHash) {
    return fail({ code: "idempotency_mismatch", title: "This Idempotency-Key was used for another request." });
  }
  if (earlier.response === null) {
    const title = "The first request with this Idempotency-Key is still running.";
    return fail({ code: "idempotency_in_progress", title, headers: { "retry-after": "1" } });
  }
  const unsealed = await unsealStored(keys, earlier.response, key);
  if (!unsealed.ok) {
    return fail({
      code: "idempotency_lost",
      title: "This Idempotency-Key was used, and its response can no longer be decrypted.",
    });
  }
  const kept = parseExactAs<KeptResponse>(unsealed.value);
  return { ...kept, headers: { "idempotency-replayed": "true" } };
}

/**
 * Runs a handler at most once a day for each token and Idempotency-Key; the same request under the same key gets the first
 * response again. The response is stored in the transaction that makes the change, so that no crash separates the two.
 * Without a key the handler simply runs.
 */
export async function withIdempotencyKey(
  given: string | null,
  { context, caller, method, url }: ApiRequest,
  body: string,
  handle: () => Promise<Outcome>,
): Promise<Outcome> {
  if (given === null) return await run(handle);
  if (given === "" || given.length > MAX_KEY) {
    const message = `must be 1 to ${MAX_KEY} characters long`;
    return fail({
      code: "invalid_header",
      title: "A header was not accepted.",
      errors: [{ path: "Idempotency-Key", message }],
    });
  }
  const { primary, keys } = context;
  const key = await scopedKey(context, caller, given);
  const now = context.clock();
  // A keyed hash, because the body may contain a secret.
  const requestHash = await keys.hashToken([method, url.pathname + url.search, body].join("\n"));
  const earlier = await claimIdempotencyKey(primary, {
    key,
    request_hash: requestHash,
    created_at: new Date(now).toISOString(),
    forget_before: new Date(now - KEPT_MS).toISOString(),
    abandoned_before: new Date(now - ABANDONED_MS).toISOString(),
  });
  if (earlier !== null) return await repeat(keys, key, requestHash, earlier);
  let isKept = false;
  try {
    const outcome = await handle();
    if ("error" in outcome) return outcome;
    const { status, body: shown, commit, shows = null } = outcome;
    const kept: KeptResponse = { status, body: shown };
    const sealed = await keys.seal(JSON.stringify(kept), key);
    const keep = storeIdempotentResponse(primary, key, requestHash, sealed, shows);
    if (commit === undefined) await keep.run();
    else await commit([keep]);
    isKept = true;
    return outcome;
  } finally {
    if (!isKept) await releaseIdempotencyKey(primary, key, requestHash);
  }
}
