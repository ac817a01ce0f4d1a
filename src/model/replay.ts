import * as z from "zod/mini";
import type { DeliveryStatus } from "./delivery.ts";
import { lazy } from "./lazy.ts";

/** What can be replayed; a pending delivery is still being tried anyway. */
export const REPLAYABLE_STATUSES = ["delivered", "dead", "cancelled"] as const satisfies readonly DeliveryStatus[];
export type ReplayableStatus = (typeof REPLAYABLE_STATUSES)[number];

/** Which deliveries a replay repeats; what is null does not count. Times are ISO, both inclusive, of the event's receipt. */
export type ReplayFilter = {
  readonly status: ReplayableStatus | null;
  readonly destination_id: string | null;
  readonly integration_id: string | null;
  readonly from: string | null;
  readonly to: string | null;
};

export const REPLAY_STATES = ["running", "done", "cancelled"] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** A replay in bulk, as the API shows it. */
export type Replay = {
  readonly id: string;
  readonly filter: ReplayFilter;
  readonly status: ReplayState;
  readonly rate_per_second: number;
  /** How many deliveries it was to make when it was begun. */
  readonly count: number;
  readonly replayed: number;
  readonly failed: number;
  /** The last event that it is through with; empty at the beginning. */
  readonly position: string;
  readonly created_at: string;
  readonly updated_at: string;
};

function statusOf(a: ReplayState, b: ReplayState): ReplayState {
  if (a === "running" || b === "running") return "running";
  return a === "cancelled" ? a : b;
}

/** How far both are: a part that is done is through with everything. */
function positionOf(a: Replay, b: Replay): string {
  if (a.status === "done" && b.status === "done") return a.position > b.position ? a.position : b.position;
  if (a.status === "done") return b.position;
  return b.status === "done" || a.position < b.position ? a.position : b.position;
}

/** A replay as a whole, of its parts in several shards; null where there are none. It runs while one of them does. */
export function joinParts(parts: readonly Replay[]): Replay | null {
  const [first, ...others] = parts;
  if (first === undefined) return null;
  return others.reduce(
    (whole, part) => ({
      ...whole,
      status: statusOf(whole.status, part.status),
      count: whole.count + part.count,
      replayed: whole.replayed + part.replayed,
      failed: whole.failed + part.failed,
      position: positionOf(whole, part),
      updated_at: whole.updated_at > part.updated_at ? whole.updated_at : part.updated_at,
    }),
    first,
  );
}

/** A message of the DELIVERIES queue that has a replay take its next step. */
export type ReplayMessage = { readonly v: 1; readonly replay: string };

const replayMessage = lazy(() => z.object({ v: z.literal(1), replay: z.string() }));

/** Reads a message about a replay; null where it is none. */
export function parseReplayMessage(body: unknown): ReplayMessage | null {
  return replayMessage().safeParse(body).data ?? null;
}
