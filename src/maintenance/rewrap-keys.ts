import type { MaintenanceTask } from "./task.ts";

/**
 * Wraps the keys of the gateway under both master keys while `MASTER_KEY` is being rotated, and drops the wraps under the
 * earlier one when that is over. Returns the number of keys that it wrapped.
 */
export const rewrapKeys: MaintenanceTask = {
  name: "rewrap_keys",
  per: "gateway",
  max_calls: 20,
  run: ({ caches }) => caches.key_store.rewrap(),
};
