import { describeError } from "./log.ts";

/** How a piece of work ended, or that it had not ended in time. Work that timed out continues unobserved. */
export type TimedResult<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "timed_out" };

export type TimedFailure = Exclude<TimedResult<unknown>, { readonly kind: "done" }>;

/** Describes a failure for the log. */
export function describeFailure(failure: TimedFailure): string {
  return failure.kind === "failed" ? describeError(failure.error) : failure.kind;
}

async function capture<T>(work: () => Promise<T>): Promise<TimedResult<T>> {
  try {
    return { kind: "done", value: await work() };
  } catch (error) {
    return { kind: "failed", error };
  }
}

/** Runs work on a dependency that can fail or hang, and waits at most `limitMs` for it. Never rejects. */
export async function withTimeout<T>(limitMs: number, work: () => Promise<T>): Promise<TimedResult<T>> {
  const { promise: late, resolve } = Promise.withResolvers<TimedResult<T>>();
  const timer = setTimeout(() => resolve({ kind: "timed_out" }), limitMs);
  const result = await Promise.race([capture(work), late]);
  clearTimeout(timer);
  return result;
}
