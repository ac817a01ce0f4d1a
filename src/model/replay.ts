import * as z from "zod/mini";
import type { DeliveryStatus } from "./delivery.ts";
import { lazy } from "./lazy.ts";

/** The statuses of deliveries that can be replayed. A pending delivery is still being attempted. */
export const REPLAYABLE_STATUSES = ["delivered", "dead", "cancelled"] as const satisfies readonly DeliveryStatus[];
export type ReplayableStatus = (typeof REPLAYABLE_STATUSES)[number];

/**
 * Selects the deliveries that a replay repeats. Null selects all. Times are ISO, inclusive, of the event's receipt. With
 * `delivery_ids`, the other fields are null and `status` names every status.
 */
export type ReplayFilter = {
  readonly status: readonly ReplayableStatus[];
  readonly destination_id: string | null;
  readonly integration_id: string | null;
  readonly route_id: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly delivery_ids: readonly string[] | null;
};

/** A filter as it is stored. The first version had one status, or null for all, and neither routes nor ids. */
export type StoredReplayFilter = Omit<ReplayFilter, "status" | "route_id" | "delivery_ids"> & {
  readonly status: readonly ReplayableStatus[] | ReplayableStatus | null;
  readonly route_id?: string | null;
  readonly delivery_ids?: readonly string[] | null;
};

/** Reads a stored filter. */
export function parseReplayFilter(stored: StoredReplayFilter): ReplayFilter {
  const { status, route_id = null, delivery_ids = null } = stored;
  const statuses = status === null ? REPLAYABLE_STATUSES : typeof status === "string" ? [status] : status;
  return { ...stored, status: statuses, route_id, delivery_ids };
}

/** Returns a filter as it is stored: as the first version reads it, if that version can express it. */
export function storedReplayFilter(filter: ReplayFilter): StoredReplayFilter {
  const [only, ...others] = filter.status;
  if (only !== undefined && others.length === 0) return { ...filter, status: only };
  const isEvery = REPLAYABLE_STATUSES.every((status) => filter.status.includes(status));
  return isEvery ? { ...filter, status: null } : filter;
}

export const REPLAY_STATES = ["running", "done", "cancelled"] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** A bulk replay, as the API shows it. */
export type Replay = {
  readonly id: string;
  readonly filter: ReplayFilter;
  readonly status: ReplayState;
  readonly rate_per_second: number;
  /** The number of matching deliveries when the replay began. */
  readonly count: number;
  /** False if more may match: the count stopped at its bound, and the replay has not come to its end. */
  readonly count_is_exact: boolean;
  readonly replayed: number;
  readonly failed: number;
  /** The last event that was processed. Empty at the beginning. */
  readonly position: string;
  readonly created_at: string;
  readonly updated_at: string;
};

function statusOf(a: ReplayState, b: ReplayState): ReplayState {
  if (a === "running" || b === "running") return "running";
  return a === "cancelled" ? a : b;
}

/** Returns the position that both parts have reached. A part that is done has reached every position. */
function positionOf(a: Replay, b: Replay): string {
  if (a.status === "done" && b.status === "done") return a.position > b.position ? a.position : b.position;
  if (a.status === "done") return b.position;
  return b.status === "done" || a.position < b.position ? a.position : b.position;
}

/** Joins the parts of a replay in several shards. Returns null if there are none. A replay runs while one of its parts does. */
export function joinParts(parts: readonly Replay[]): Replay | null {
  const [first, ...others] = parts;
  if (first === undefined) return null;
  return others.reduce(
    (whole, part) => ({
      ...whole,
      status: statusOf(whole.status, part.status),
      count: whole.count + part.count,
      count_is_exact: whole.count_is_exact && part.count_is_exact,
      replayed: whole.replayed + part.replayed,
      failed: whole.failed + part.failed,
      position: positionOf(whole, part),
      updated_at: whole.updated_at > part.updated_at ? whole.updated_at : part.updated_at,
    }),
    first,
  );
}

/** A message of the DELIVERIES queue: the next step of a replay is due. */
export type ReplayMessage = { readonly v: 1; readonly replay: string };

const replayMessage = lazy(() => z.object({ v: z.literal(1), replay: z.string() }));

/** Parses a message about a replay. Returns null for another message. */
export function parseReplayMessage(body: unknown): ReplayMessage | null {
  return replayMessage().safeParse(body).data ?? null;
}
