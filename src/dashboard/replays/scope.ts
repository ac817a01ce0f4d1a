import type { Delivery, Event, ReplayCreation } from "../../client/index.ts";
import type { ReadPage } from "../lists/use-live-list.ts";

/** What a list shows, in one of the ways in which it can be replayed. */
export type ReplayScope =
  /** The gateway knows the filter and finds the deliveries itself. */
  | { readonly by: "filter"; readonly filter: NonNullable<ReplayCreation["filter"]> }
  /** The deliveries are read from the list and named by their ids. */
  | { readonly by: "deliveries"; readonly readPage: ReadPage<Delivery> }
  /** The events are read from the list, and each is replayed by itself. */
  | { readonly by: "events"; readonly readPage: ReadPage<Pick<Event, "id" | "type">> };

/** What would be replayed, and in words what that does and what it leaves out. */
export type Replayable = { readonly scope: ReplayScope; readonly does: string; readonly leavesOut: readonly string[] };

/** The most deliveries or events that a replay names by their ids, also a bound of the API. */
export const MAX_IDS = 1_000;
/** The rows of a page that is read for its ids. */
export const ID_PAGE = 250;

/** Returns the last moment of a replay, so that what arrives after the question is not replayed. Null if the gateway chooses it. */
export function endOf(to: string | undefined, from: string | undefined, nowMs: number): string | null {
  if (to !== undefined) return to;
  return from !== undefined && Date.parse(from) > nowMs ? null : new Date(nowMs).toISOString();
}
