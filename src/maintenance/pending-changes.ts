import { continuePendingChanges } from "../delivery/attempts/pending-changes.ts";
import type { MaintenanceTask } from "./task.ts";

/** The calls of one page, at most: reading it, writing what has changed, and enqueuing that. */
const CALLS_PER_PAGE = 15;

/** Continues the changes of pending deliveries that were too many to be part of the change of their destination. */
export const pendingChanges: MaintenanceTask = {
  name: "pending_changes",
  per: "shard",
  max_calls: 90,
  run: (context, maxCalls) => continuePendingChanges(context, Math.max(1, Math.floor(maxCalls / CALLS_PER_PAGE))),
};
