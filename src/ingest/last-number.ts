import { waitUntil } from "cloudflare:workers";
import type { Context } from "../context.ts";
import { logLine } from "../platform/log.ts";
import { describeFailure, withTimeout } from "../platform/with-timeout.ts";
import { leaveNumbers } from "../storage/maintenance/accepted-numbers.ts";
import type { Numbering } from "./numbering.ts";

/** An isolate is idle after this long without a request, in ms. Cloudflare ends what waits for more than 30 seconds. */
const IDLE_AFTER_MS = 20_000;
/** Requests within this time share a timer, in ms. */
const SHARED_MS = 5_000;
/** An isolate leaves at most one row in this time, in ms. */
const ROW_INTERVAL_MS = 60_000;
const TIMEOUT_MS = 5_000;

type Watch = { started_ms: number; left_ms: number };

let watches = new WeakMap<Numbering, Watch>();

function watchOf(numbering: Numbering): Watch {
  const known = watches.get(numbering) ?? { started_ms: Number.NEGATIVE_INFINITY, left_ms: Number.NEGATIVE_INFINITY };
  watches.set(numbering, known);
  return known;
}

/**
 * Leaves the last number of an isolate that has fallen idle, unless the rows of its last events are there: they have their numbers.
 * Never rejects.
 */
export async function leaveLastNumber({ shard, clock }: Context, numbering: Numbering): Promise<void> {
  const watch = watchOf(numbering);
  const tail = numbering.tail();
  if (tail === null || clock() - watch.left_ms < ROW_INTERVAL_MS) return;
  const left = await withTimeout(TIMEOUT_MS, () => leaveNumbers(shard.db, tail, clock()));
  if (left.kind === "done") {
    tail.resolve();
    if (left.value) watch.left_ms = clock();
  } else {
    logLine("warn", "last_number.write_failed", { isolate: tail.isolate, error: describeFailure(left) });
  }
}

async function waitForIdle(context: Context, numbering: Numbering, startedMs: number): Promise<void> {
  await new Promise((resolve) => void setTimeout(resolve, IDLE_AFTER_MS));
  // A later request has a timer of its own.
  if (watchOf(numbering).started_ms === startedMs) await leaveLastNumber(context, numbering);
}

/**
 * Starts the timer after which the isolate is idle if no other request comes. With an outbox before the queue nothing has to be
 * left: the outbox has each event until it is recorded.
 */
export function watchForIdle(context: Context, numbering: Numbering): void {
  if (context.settings.accept_durability === "outbox") return;
  const watch = watchOf(numbering);
  const now = context.clock();
  if (now - watch.started_ms < SHARED_MS) return;
  watch.started_ms = now;
  waitUntil(waitForIdle(context, numbering, now));
}

/** Ends the timers without an effect, for tests that empty the database. */
export function forgetWatches(): void {
  watches = new WeakMap();
}
