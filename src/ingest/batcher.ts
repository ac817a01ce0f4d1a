import { waitUntil } from "cloudflare:workers";
import { withTimeout } from "../platform/with-timeout.ts";

/** How long one waits for a piece of work that others have begun, before one begins the next, in ms. */
const PATIENCE_MS = 10;
/** How long one counts on others who have taken one's items along, in ms: more than `work` takes at its worst. */
const TRUST_MS = 7_000;

/** How long one goes on beginning pieces for those who came meanwhile, in ms: a request may not work for ever once it is answered. */
const SHIFT_MS = 2_000;

type Waiting<T> = { readonly items: readonly T[]; readonly tell: (isDone: boolean) => void };

/** How much one piece of work takes. */
export type Room<T> = { readonly items: number; readonly weight: number; readonly weightOf: (item: T) => number };

/** Does a piece of work for some items, together with those of others; answers whether it was done. */
export type Together<T> = (items: readonly T[]) => Promise<boolean>;

/**
 * Work that costs about the same for one item as for many, and that several requests ask for at once. Who comes while
 * nothing has lately been begun begins at once, and goes on with those who come meanwhile; they wait for that, but
 * if nobody takes them along within a moment they begin beside it. What fails for several is tried again for each alone.
 *
 * `work` may do its items twice, and does not reject. `now` is in ms. Who is told the outcome does no input or output for it any
 * more: that would be done in the name of the request that told him.
 */
export function createTogether<T>(
  work: (items: readonly T[]) => Promise<boolean>,
  room: Room<T>,
  now: () => number,
): Together<T> {
  const waiting: Waiting<T>[] = [];
  /** When the piece of work was begun that was begun last, while it is under way. */
  let begun_ms = Number.NEGATIVE_INFINITY;
  const weigh = (items: readonly T[]): number => items.reduce((sum, item) => sum + room.weightOf(item), 0);

  /** The next who fit into one piece, in the order in which they came. */
  function takeNext(): readonly Waiting<T>[] {
    let count = 0;
    let weight = 0;
    const first = waiting.findIndex(({ items }, index) => {
      count += items.length;
      weight += weigh(items);
      return index > 0 && (count > room.items || weight > room.weight);
    });
    return waiting.splice(0, first < 0 ? waiting.length : first);
  }

  async function doPiece(taken: readonly Waiting<T>[]): Promise<void> {
    if (await work(taken.flatMap(({ items }) => items))) {
      for (const { tell } of taken) tell(true);
    } else if (taken.length === 1) {
      taken[0]?.tell(false);
    } else {
      await Promise.all(taken.map(async ({ items, tell }) => tell(await work(items))));
    }
  }

  async function shift(): Promise<void> {
    const started_ms = now();
    let begun = started_ms;
    do {
      const taken = takeNext();
      if (taken.length === 0) break;
      begun = now();
      begun_ms = begun;
      await doPiece(taken);
    } while (now() - started_ms < SHIFT_MS);
    if (begun_ms === begun) begun_ms = Number.NEGATIVE_INFINITY;
  }

  return async (items) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const entry = { items, tell: resolve };
    const isFirst = now() - begun_ms >= PATIENCE_MS;
    waiting.push(entry);
    if (!isFirst) {
      // A timer of its own for each: a request that waits for nothing but another one looks to the runtime as if it hung.
      const told = await withTimeout(PATIENCE_MS, () => promise);
      if (told.kind === "done") return told.value;
      if (!waiting.includes(entry)) {
        const later = await withTimeout(TRUST_MS, () => promise);
        return later.kind === "done" ? later.value : await work(items);
      }
    }
    // Others wait for it too: it has to outlive a sender that hangs up.
    waitUntil(shift());
    return await promise;
  };
}
