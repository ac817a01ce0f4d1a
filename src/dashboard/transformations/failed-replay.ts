import { type TransformationReplay, unwrap } from "../../client/index.ts";
import { client } from "../api/client.ts";

// The gateway takes a page of failed events at a time, so the dashboard repeats the request to the end.

/** The pages that a count reads, at most: a page can have 50 events. */
const MAX_COUNTED_PAGES = 100;
/** The pages in which the first failed event is looked for, at most: a page reads up to 9,000 events, and this is done unasked. */
const MAX_PAGES_TO_FIRST = 5;
/** The failures that are shown, at most. */
const MAX_SHOWN = 10;

/** The number of events that failed. There may be more if it is not exact. */
export type FailedCount = { readonly count: number; readonly isExact: boolean };

/** What became of the events of all pages so far. */
export type FailedTotals = Pick<
  TransformationReplay,
  "count" | "replayed" | "failed" | "failures" | "stopped" | "next_cursor"
>;

export const NO_TOTALS: FailedTotals = {
  count: 0,
  replayed: 0,
  failed: 0,
  failures: [],
  stopped: false,
  next_cursor: null,
};

type CountOptions = {
  /** The pages that are read, at most. */
  readonly pages: number;
  readonly signal: AbortSignal;
  /** Whether so many need not be counted further. */
  readonly isEnough?: (count: number) => boolean;
  readonly onFound?: (count: number) => void;
};

async function countPages(id: string, { pages, signal, isEnough, onFound }: CountOptions): Promise<FailedCount> {
  let count = 0;
  let cursor: string | null = null;
  for (let page = 0; page < pages && isEnough?.(count) !== true; page++) {
    const counted: TransformationReplay = unwrap(await client.transformations.replay(id, { cursor }, { signal }));
    count += counted.count;
    cursor = counted.next_cursor;
    if (cursor === null) return { count, isExact: true };
    onFound?.(count);
  }
  return { count, isExact: false };
}

/** Looks whether events have failed, and counts those of one page. */
export async function findFailed(id: string, signal: AbortSignal): Promise<FailedCount> {
  return await countPages(id, { pages: MAX_PAGES_TO_FIRST, signal, isEnough: (count) => count > 0 });
}

/** Counts failed events, as far as a question needs it. */
export async function countFailed(
  id: string,
  options: { readonly signal: AbortSignal; readonly onFound: (count: number) => void },
): Promise<FailedCount> {
  return await countPages(id, { ...options, pages: MAX_COUNTED_PAGES });
}

function add(totals: FailedTotals, page: TransformationReplay): FailedTotals {
  return {
    count: totals.count + page.count,
    replayed: totals.replayed + page.replayed,
    failed: totals.failed + page.failed,
    failures: [...totals.failures, ...page.failures].slice(0, MAX_SHOWN),
    stopped: page.stopped,
    next_cursor: page.next_cursor,
  };
}

type ReplayOptions = {
  /** Ends the replay after the page that is in flight. */
  readonly signal: AbortSignal;
  readonly onPage: (totals: FailedTotals) => void;
};

/** Replays failed events page by page after those of `from`, until the end, an abort, or failures in a row. Throws if a request fails. */
export async function replayFailed(id: string, from: FailedTotals, { signal, onPage }: ReplayOptions): Promise<void> {
  let totals = from;
  do {
    const options = { idempotency_key: crypto.randomUUID(), max_retries: 2 };
    const request = { dry_run: false, cursor: totals.next_cursor };
    totals = add(totals, unwrap(await client.transformations.replay(id, request, options)));
    onPage(totals);
  } while (totals.next_cursor !== null && !totals.stopped && !signal.aborted);
}
