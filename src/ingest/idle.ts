import { waitUntil } from "cloudflare:workers";
import type { Context } from "../context.ts";
import type { Numbering } from "./numbering.ts";

/** An isolate is idle after this long without a request, in ms. Cloudflare ends what waits for more than 30 seconds. */
const IDLE_AFTER_MS = 20_000;
/** Requests within this time share a timer, in ms. */
const SHARED_MS = 5_000;

/** When the latest timer was started, in ms since 1970. */
let started = new WeakMap<Numbering, number>();

async function waitForIdle(context: Context, numbering: Numbering, startedMs: number): Promise<void> {
  await new Promise((resolve) => void setTimeout(resolve, IDLE_AFTER_MS));
  // A later request has a timer of its own.
  if (started.get(numbering) !== startedMs) return;
  // Loaded only here, because an isolate must start with little code.
  const { leaveLastNumber } = await import("./last-number.ts");
  await leaveLastNumber(context, numbering);
}

/**
 * Starts the timer after which the isolate is idle if no other request comes. With an outbox before the queue no row is
 * needed: the outbox has each event until it is recorded.
 */
export function watchForIdle(context: Context, numbering: Numbering): void {
  if (context.settings.accept_durability === "outbox") return;
  const now = context.clock();
  if (now - (started.get(numbering) ?? 0) < SHARED_MS) return;
  started.set(numbering, now);
  waitUntil(waitForIdle(context, numbering, now));
}

/** Ends the timers without an effect, for tests that empty the database. */
export function forgetWatches(): void {
  started = new WeakMap();
}
