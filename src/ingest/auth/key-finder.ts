import { waitUntil } from "cloudflare:workers";
import { type Result, fail, ok } from "../../model/result.ts";
import { LruMap } from "../../platform/lru.ts";
import { withTimeout } from "../../platform/with-timeout.ts";
import type { KeyReference } from "../../signing/claim.ts";
import type { VerifyingKey } from "../../signing/keys.ts";
import type { KeySet } from "./published-keys.ts";

const MAX_SETS = 200;
/** How long a request waits for a read that another one may have begun. */
const WAIT_MS = 12_000;
/** Keys that were read this long ago are read again. */
const FRESH_MS = 3_600_000;
/** If they cannot be read, earlier ones are used for this long. */
const MAX_AGE_MS = 6 * 3_600_000;
/** A set is read again at most this often, because anybody can name a key that does not exist. */
const PAUSE_MS = 30_000;
const PAUSE_WITHOUT_KEYS_MS = 1_000;
/** The reads of an isolate in a minute. Anybody can name certificates that do not exist. */
const MAX_READS = 20;
const MINUTE_MS = 60_000;

type State = {
  kept: { readonly set: KeySet; readonly read_at: number } | null;
  tried_at: number;
  reading: Promise<boolean> | null;
};

/** Finds the keys that senders publish. The error says that a key cannot be read now. */
export type PublishedKeys = {
  find(reference: KeyReference): Promise<Result<VerifyingKey | null, "unavailable">>;
};

type Options = { readonly allowPrivate: boolean; readonly clock: () => number };

/** Makes a cache of published keys. */
export function createPublishedKeys({ allowPrivate, clock }: Options): PublishedKeys {
  const states = new LruMap<string, State>({ max: MAX_SETS });
  let reads: readonly number[] = [];

  function mayRead(nowMs: number): boolean {
    reads = reads.filter((at) => nowMs - at < MINUTE_MS);
    if (reads.length >= MAX_READS) return false;
    reads = [...reads, nowMs];
    return true;
  }

  async function read(state: State, reference: KeyReference, nowMs: number): Promise<boolean> {
    const { readPublished } = await import("./published-keys.ts");
    const set = await readPublished(reference, allowPrivate);
    if (set.ok) state.kept = { set: set.value, read_at: nowMs };
    return set.ok;
  }

  /** Reads a set. Requests at the same time share the read, which must survive a caller that hangs up. */
  async function readShared(state: State, reference: KeyReference, nowMs: number): Promise<void> {
    if (state.reading === null) state.tried_at = nowMs;
    const own = (state.reading ??= read(state, reference, nowMs));
    waitUntil(withTimeout(WAIT_MS, () => own));
    await withTimeout(WAIT_MS, () => own);
    if (state.reading === own) state.reading = null;
  }

  return {
    async find(reference) {
      const [address, name] =
        reference.kind === "certificate"
          ? [reference.url, reference.hash]
          : [reference.issuer, `${reference.algorithm} ${reference.kid}`];
      const id = `${reference.kind} ${address}`;
      const state = states.get(id) ?? { kept: null, tried_at: -Infinity, reading: null };
      states.set(id, state);
      const nowMs = clock();
      const ageOf = (): number => (state.kept === null ? Infinity : nowMs - state.kept.read_at);
      // A certificate has always the same key.
      const isFixed = reference.kind === "certificate" && state.kept !== null;
      const isDue = !isFixed && (ageOf() >= FRESH_MS || state.kept?.set.keys.has(name) !== true);
      const pauseMs = state.kept === null ? PAUSE_WITHOUT_KEYS_MS : PAUSE_MS;
      const isPaused = nowMs - state.tried_at < pauseMs;
      if (isDue && (state.reading !== null || (!isPaused && mayRead(nowMs)))) await readShared(state, reference, nowMs);
      const { kept } = state;
      if (kept === null || (!isFixed && ageOf() > MAX_AGE_MS)) return fail("unavailable");
      return ok(nowMs > kept.set.until_ms ? null : (kept.set.keys.get(name) ?? null));
    },
  };
}
