import type { Problem } from "../net/problem.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { type EarlierRequest, claimKey, keepAnswer, releaseKey } from "../storage/config/api-idempotency-keys.ts";
import { bearerOf } from "./authenticate.ts";
import type { Answer, Call, Verb } from "./call.ts";

const MAX_KEY = 255;
const KEPT_MS = 24 * 60 * 60 * 1000;
/** A request that has run this long without an answer is taken for dead, and its key is free again. */
const ABANDONED_MS = 60_000;

type Answered = Result<Answer, Problem>;
type KeptAnswer = Pick<Answer, "status" | "body">;

/** The key as this caller's own: answers hold secrets, and another token's holder may guess a key. */
async function ownKey({ context, headers }: Call, key: string): Promise<string> {
  return `${await context.keys.hashToken(bearerOf(headers) ?? "")} ${key}`;
}

async function run(call: Call, verb: Verb): Promise<Answered> {
  const result = await verb(call);
  if (result.ok) await result.value.commit?.([]);
  return result;
}

async function repeat(call: Call, key: string, requestHash: string, earlier: EarlierRequest): Promise<Answered> {
  if (earlier.request_hash !== requestHash) {
    return fail({ status: 422, title: "This Idempotency-Key was used for another request." });
  }
  if (earlier.response === null) {
    const title = "The first request with this Idempotency-Key is still running.";
    return fail({ status: 409, title, headers: { "retry-after": "1" } });
  }
  const unsealed = await call.context.keys.unseal(earlier.response, key);
  if (!unsealed.ok) {
    return fail({
      status: 409,
      title: "This Idempotency-Key was used, and its answer can no longer be opened.",
    });
  }
  const kept: KeptAnswer = JSON.parse(unsealed.value);
  return ok({ ...kept, replayed: true });
}

/**
 * Runs a verb, but for one token under one Idempotency-Key only once within a day: the same request gets the first one's
 * answer again.
 * The answer is kept in the transaction that does the work, so that no crash can separate them.
 */
export async function runOnce(call: Call, verb: Verb): Promise<Answered> {
  const given = call.idempotencyKey;
  if (given === null) return await run(call, verb);
  if (given === "" || given.length > MAX_KEY) {
    const message = `has to be 1 to ${MAX_KEY} characters long`;
    return fail({
      status: 400,
      title: "A header was not accepted.",
      errors: [{ path: "Idempotency-Key", message }],
    });
  }
  const key = await ownKey(call, given);
  const { primary } = call.context;
  const now = Date.now();
  // Keyed, because a body may hold a secret.
  const requestHash = await call.context.keys.hashToken(
    [call.method, call.url.pathname + call.url.search, call.bodyText].join("\n"),
  );
  const earlier = await claimKey(primary, {
    key,
    request_hash: requestHash,
    created_at: new Date(now).toISOString(),
    forget_before: new Date(now - KEPT_MS).toISOString(),
    abandoned_before: new Date(now - ABANDONED_MS).toISOString(),
  });
  if (earlier !== null) return await repeat(call, key, requestHash, earlier);
  let isKept = false;
  try {
    const result = await verb(call);
    if (!result.ok) return result;
    const { status, body, commit } = result.value;
    const kept: KeptAnswer = { status, body };
    const keep = keepAnswer(primary, key, requestHash, await call.context.keys.seal(JSON.stringify(kept), key));
    if (commit === undefined) await keep.run();
    else await commit([keep]);
    isKept = true;
    return result;
  } finally {
    if (!isKept) await releaseKey(primary, key, requestHash);
  }
}
