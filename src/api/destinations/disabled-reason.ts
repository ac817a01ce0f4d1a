import type { Destination } from "../../model/destination.ts";

export const DISABLED_BY_HAND = "disabled_by_hand";

/** The reason why a destination is disabled, after a change of `enabled`; undefined if it stays as it is. */
export function reasonAfter(stored: Destination, enabled: boolean | undefined): string | null | undefined {
  if (enabled === undefined || (!enabled && !stored.enabled)) return undefined;
  return enabled ? null : DISABLED_BY_HAND;
}
