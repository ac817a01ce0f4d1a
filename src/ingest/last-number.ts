import type { Context } from "../context.ts";
import { logLine } from "../platform/log.ts";
import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import { leaveNumbers } from "../storage/maintenance/accepted-numbers.ts";
import type { Numbering } from "./numbering.ts";

/** An isolate leaves at most one row in this time, in ms. */
const ROW_INTERVAL_MS = 60_000;
const TIMEOUT_MS = 5_000;

/** When an isolate left its latest row, in ms since 1970. */
const left = new WeakMap<Numbering, number>();

/**
 * Leaves the last number of an isolate that has fallen idle, unless the rows of its last events are there: they have their numbers.
 * Never rejects.
 */
export async function leaveLastNumber({ shard, clock }: Context, numbering: Numbering): Promise<void> {
  const tail = numbering.tail();
  if (tail === null || clock() - (left.get(numbering) ?? 0) < ROW_INTERVAL_MS) return;
  const written = await withTimeout(TIMEOUT_MS, () => leaveNumbers(shard.db, tail, clock()));
  if (written.kind === "done") {
    tail.resolve();
    if (written.value) left.set(numbering, clock());
  } else {
    logLine("warn", "last_number.write_failed", { isolate: tail.isolate, error: describeFailure(written) });
  }
}
