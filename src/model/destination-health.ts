/** A destination that is failing: as `destination_health` keeps it. Times are in ms since 1970. */
export type FailingDestination = {
  readonly destination_id: string;
  /** Failed attempts in a row. */
  readonly failures: number;
  readonly failing_since: number;
  /** Until when the breaker is open; null while it is closed. */
  readonly retry_at: number | null;
  /** Until when somebody is trying it, where the breaker is open. */
  readonly probe_until: number | null;
};
