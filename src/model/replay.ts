import * as z from "zod";
import type { DeliveryStatus } from "./delivery.ts";

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

/** A message of the DELIVERIES queue that has a replay take its next step. */
export type ReplayMessage = { readonly v: 1; readonly replay: string };

const replayMessage = z.object({ v: z.literal(1), replay: z.string() });

/** Reads a message about a replay; null where it is none. */
export function parseReplayMessage(body: unknown): ReplayMessage | null {
  return replayMessage.safeParse(body).data ?? null;
}
