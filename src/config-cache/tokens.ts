import { waitUntil } from "cloudflare:workers";
import { tokenHasChecksum } from "../crypto/checksums.ts";
import type { KeyRing } from "../crypto/key-ring.ts";
import type { PrimaryDatabase } from "../platform/shards.ts";
import { withTimeout } from "../platform/with-timeout.ts";
import { readTokenHashes } from "../storage/config/tokens.ts";

/** How long the hashes are used before they are read again for a token that is not among them, in ms. */
const FRESH_MS = 10_000;
const READ_TIMEOUT_MS = 2_000;
/** An isolate lists at most this many tokens. With more, it looks each unknown one up. */
const MAX_LISTED = 5_000;

/** Tells made-up API tokens from those that may exist, so that strangers do not reach the database. */
export type TokenList = {
  /** Returns false if no token has this hash. True says nothing. Throws if the list cannot be read. */
  mayExist(token: string, hash: string): Promise<boolean>;
};

type Listed = { readonly hashes: ReadonlySet<string>; readonly read_at: number };

/** Makes a list over a database. `now` is in ms. */
export function createTokenList(db: PrimaryDatabase, keys: Pick<KeyRing, "checksum">, now: () => number): TokenList {
  let listed: Listed | null = null;
  let reading: Promise<Listed> | null = null;

  async function read(): Promise<Listed> {
    const read_at = now();
    return { hashes: await readTokenHashes(db, MAX_LISTED + 1), read_at };
  }

  async function renew(): Promise<Listed> {
    const own = (reading ??= read());
    waitUntil(withTimeout(READ_TIMEOUT_MS, () => own));
    const result = await withTimeout(READ_TIMEOUT_MS, () => own);
    if (reading === own) reading = null;
    if (result.kind === "failed") throw result.error;
    if (result.kind === "timed_out") throw new Error("The tokens were not read in time.");
    listed = result.value;
    return result.value;
  }

  return {
    async mayExist(token, hash) {
      if (await tokenHasChecksum(keys, token)) return true;
      const list =
        listed !== null && (listed.hashes.has(hash) || now() - listed.read_at < FRESH_MS) ? listed : await renew();
      return list.hashes.has(hash) || list.hashes.size > MAX_LISTED;
    },
  };
}
