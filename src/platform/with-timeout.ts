/** How a piece of work ended, or that it had not ended in time; it then goes on unobserved. */
export type Settled<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "timed_out" };

async function settle<T>(work: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { kind: "done", value: await work() };
  } catch (error) {
    return { kind: "failed", error };
  }
}

/** Runs work on a dependency that may fail or hang, and waits for it no longer than so many ms. */
export async function settleWithin<T>(limitMs: number, work: () => Promise<T>): Promise<Settled<T>> {
  const { promise: late, resolve } = Promise.withResolvers<Settled<T>>();
  const timer = setTimeout(() => resolve({ kind: "timed_out" }), limitMs);
  const settled = await Promise.race([settle(work), late]);
  clearTimeout(timer);
  return settled;
}
