import { waitUntil } from "cloudflare:workers";
import type { PrimaryDatabase } from "../platform/shards.ts";
import { type TimedResult, withTimeout } from "../platform/with-timeout.ts";
import { readRevision } from "../storage/config/revision.ts";

/** How long a revision is used before it is read again, in ms. */
export const FRESH_MS = 5_000;
/** How long a look-up waits for the database, in ms. */
export const READ_TIMEOUT_MS = 2_000;

/** The config revision that was read last, and when its read began in ms. */
export type CheckedRevision = { readonly revision: number; readonly since_ms: number };

/** Returns the current revision, at most FRESH_MS old. All waiters share one read. Never rejects. */
export type RevisionCheck = () => Promise<TimedResult<CheckedRevision>>;

/** Makes a check over a database. `now` is in ms. */
export function createRevisionCheck(db: PrimaryDatabase, now: () => number): RevisionCheck {
  let checked: CheckedRevision | null = null;
  let checking: Promise<CheckedRevision> | null = null;

  async function check(): Promise<CheckedRevision> {
    const since_ms = now();
    checked = { revision: await readRevision(db), since_ms };
    return checked;
  }

  return async () => {
    if (checked !== null && now() - checked.since_ms < FRESH_MS) return { kind: "done", value: checked };
    const own = (checking ??= check().finally(() => {
      checking = null;
    }));
    waitUntil(withTimeout(READ_TIMEOUT_MS, () => own));
    const result = await withTimeout(READ_TIMEOUT_MS, () => own);
    if (result.kind === "timed_out") checking = null;
    return result;
  };
}
