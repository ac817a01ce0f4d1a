// Limits of Cloudflare's platform that more than one folder must respect, and our distances from them.

/** The largest queue message in bytes, with what the platform adds to it. */
export const MAX_QUEUE_MESSAGE_BYTES = 128_000;

/** The largest message of our own in bytes. The rest is for what the platform adds. */
export const MAX_MESSAGE_BYTES = 120_000;

/** A `sendBatch` takes 100 messages and 256 KB. The rest is for what the platform adds. */
export const MAX_BATCH_MESSAGES = 100;
export const MAX_BATCH_BYTES = 240_000;

/**
 * Cloudflare lets six connections of one invocation wait for response headers, calls of D1, Queues and R2 among them as far
 * as is known. Attempts use four, so that two are always free for our own calls: a destination that hangs must not hold up
 * the commit.
 */
const MAX_CONNECTIONS = 6;
export const MAX_ATTEMPTS_AT_A_TIME = 4;
export const MAX_OWN_CALLS_AT_A_TIME = MAX_CONNECTIONS - MAX_ATTEMPTS_AT_A_TIME;

/** The longest delay of a queue message in seconds, and so the longest wait before a retry. */
export const MAX_DELAY_SECONDS = 86_400;

/** An overloaded queue can take a minute to respond. No caller waits longer than this, in ms. */
export const SEND_TIMEOUT_MS = 3_000;

/** How long maintenance leaves an event, a replay or an outbox row to its queue message, in ms. */
export const RESCUE_AFTER_MS = 10_000;

/** The most bytes that one UTF-16 code unit takes in UTF-8: a bound that needs no counting. */
export const MAX_UTF8_BYTES_PER_CHARACTER = 3;
