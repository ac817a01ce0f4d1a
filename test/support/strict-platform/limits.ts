// The limits of Cloudflare's platform that the local runtime does not enforce, from Cloudflare's documentation of Workers, D1 and
// Queues. A plan differs in what one invocation may do.

export type InvocationLimits = {
  /** Connections that wait for response headers at the same time. A further one waits until one of them has its headers. */
  readonly connections: number;
  /** Calls of `fetch` and of bindings. */
  readonly subrequests: number;
  /** Statements, those of a batch counted one by one. */
  readonly d1_queries: number;
};

export const PAID: InvocationLimits = { connections: 6, subrequests: 10_000, d1_queries: 1_000 };
export const FREE: InvocationLimits = { connections: 6, subrequests: 50, d1_queries: 50 };

/** A statement's text, in bytes. */
export const MAX_SQL_BYTES = 100_000;
export const MAX_PARAMETERS = 100;
/** A string, and a row. */
export const MAX_VALUE_BYTES = 2_000_000;
/** The rows that one call returns. */
export const MAX_RESULT_BYTES = 50_000_000;

export const MAX_MESSAGE_BYTES = 128_000;
export const MAX_BATCH_MESSAGES = 100;
export const MAX_BATCH_BYTES = 256_000;
export const MAX_DELAY_SECONDS = 86_400;
