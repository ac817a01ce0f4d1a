/** The runs that the API of an isolate has at a time: the pipeline needs processes, too. */
const MAX_RUNS = 4;
/** A request that its client gave up may never come back to release its slot. It counts as ended after this many ms. */
const MAX_HELD_MS = 15_000;

let held: { readonly until: number }[] = [];

/**
 * Runs something in one of the few slots for code of users, or returns null if all are taken. `now` is in ms.
 */
export async function inSlot<T>(now: number, run: () => Promise<T>): Promise<T | null> {
  held = held.filter(({ until }) => until > now);
  if (held.length >= MAX_RUNS) return null;
  const slot = { until: now + MAX_HELD_MS };
  held.push(slot);
  try {
    return await run();
  } finally {
    held = held.filter((each) => each !== slot);
  }
}
