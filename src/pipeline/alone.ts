import type { Context } from "../context.ts";

/**
 * A message that comes for the third time is suspected to be the reason. An invocation that exceeds its CPU or memory is
 * killed and runs no `catch`, so that its number of attempts is the only sign.
 */
const SUSPECT_FROM_ATTEMPTS = 3;

/** As many messages are processed alone in one invocation: each takes its own calls of D1, which are limited. */
const MAX_ALONE = 40;
/** No more are begun after this time, in ms: each can wait for a destination. */
const MAX_ALONE_MS = 10_000;
/** If this many fail one after the other, the fault is not theirs. */
const MAX_FAILURES = 3;

/** Returns true if a message may be the reason why its earlier batches failed. */
export function isSuspect({ attempts }: Message): boolean {
  return attempts >= SUSPECT_FROM_ATTEMPTS;
}

/** The messages that were not processed alone: others have had their turn, or all fail. */
export type LeftOver<T> = { readonly carried_over: readonly T[]; readonly failed: readonly T[] };

/**
 * Processes items one by one. The order is random: if one of them kills each invocation that it is in, the others still have
 * their turn before it, sooner or later. `process` returns false if it failed. Returns the items that were not processed.
 */
export async function processAlone<T>(
  { clock, random }: Context,
  items: readonly T[],
  process: (item: T) => Promise<boolean>,
  isUsedUp: () => boolean,
): Promise<LeftOver<T>> {
  const startedAt = clock();
  const shuffled = items.map((item) => ({ item, key: random() })).toSorted((a, b) => a.key - b.key);
  const order = shuffled.map(({ item }) => item);
  let failures = 0;
  for (const [index, item] of order.entries()) {
    const isOver = index >= MAX_ALONE || isUsedUp() || clock() - startedAt > MAX_ALONE_MS;
    if (index > 0 && isOver) return { carried_over: order.slice(index), failed: [] };
    failures = (await process(item)) ? 0 : failures + 1;
    if (failures === MAX_FAILURES) return { carried_over: [], failed: order.slice(index + 1) };
  }
  return { carried_over: [], failed: [] };
}
