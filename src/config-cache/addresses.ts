import { waitUntil } from "cloudflare:workers";
import { hasChecksum } from "../crypto/checksums.ts";
import type { KeyRing } from "../crypto/key-ring.ts";
import { describeError, logLine } from "../platform/log.ts";
import type { PrimaryDatabase } from "../platform/shards.ts";
import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import { type ListedAddresses, readUncheckedAddresses } from "../storage/config/addresses.ts";
import { FRESH_MS, READ_TIMEOUT_MS, type RevisionCheck } from "./revision.ts";

/** An isolate lists at most this many addresses without a checksum. With more, it looks each unknown one up. */
const MAX_LISTED = 5_000;

export type AddressKeys = Pick<KeyRing, "checksum" | "checksumsSince">;

/** Tells made-up addresses from those that may exist, so that strangers do not reach the database. */
export type AddressList = {
  /** Returns false if no integration has an address. True says nothing. */
  mayExist(address: string): Promise<boolean>;
  /** Must be called after a change, so that the next call sees it. */
  forget(): void;
};

type Listed = ListedAddresses & { readonly read_at: number };

/** Makes a list over a database. It is read again only if the revision of the config has changed. `now` is in ms. */
export function createAddressList(
  db: PrimaryDatabase,
  keys: AddressKeys,
  revisionNow: RevisionCheck,
  now: () => number,
): AddressList {
  let listed: Listed | null = null;
  let reading: Promise<Listed> | null = null;

  async function read(): Promise<Listed> {
    const since = await keys.checksumsSince();
    const read_at = now();
    return { ...(await readUncheckedAddresses(db, since, MAX_LISTED)), read_at };
  }

  /** Reads the list once for all that wait. Returns null if it cannot be read. */
  async function renew(): Promise<Listed | null> {
    const own = (reading ??= read());
    // Other requests wait for this read: it must survive a sender that hangs up.
    waitUntil(withTimeout(READ_TIMEOUT_MS, () => own));
    const result = await withTimeout(READ_TIMEOUT_MS, () => own);
    if (reading === own) {
      reading = null;
      if (result.kind === "done") listed = result.value;
    }
    if (result.kind === "done") return result.value;
    logLine("warn", "addresses.read_failed", { error: describeFailure(result) });
    return null;
  }

  function isListed(list: Listed | null, address: string): boolean {
    return list === null || !list.is_complete || list.addresses.has(address);
  }

  /** Returns whether the list may lack an address, because the config has changed since it was read. */
  async function isOutdated({ revision, read_at }: Listed): Promise<boolean> {
    if (now() - read_at < FRESH_MS) return false;
    const checked = await revisionNow();
    return checked.kind !== "done" || checked.value.revision !== revision;
  }

  async function isChecked(address: string): Promise<boolean> {
    try {
      return await hasChecksum(keys, address);
    } catch (error) {
      // The address may be right. The look-up decides, as it did before there were checksums.
      logLine("warn", "address.check_failed", { error: describeError(error) });
      return true;
    }
  }

  return {
    async mayExist(address) {
      if (await isChecked(address)) return true;
      if (listed !== null) {
        if (isListed(listed, address)) return true;
        if (!(await isOutdated(listed))) return false;
      }
      return isListed(await renew(), address);
    },
    forget() {
      listed = null;
      reading = null;
    },
  };
}
