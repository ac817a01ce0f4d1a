/** A failing destination, as `destination_health` stores it. Times are in ms since 1970. */
export type FailingDestination = {
  readonly destination_id: string;
  /** Consecutive failed attempts. */
  readonly failures: number;
  readonly failing_since: number;
  /** When the breaker closes for a probe, or null while it is closed. */
  readonly retry_at: number | null;
  /** Until when a probe is in flight, if the breaker is open. */
  readonly probe_until: number | null;
  /** Whether a delivery of an event that is not of the gateway itself has failed, which destination.failing reports. */
  readonly announced: boolean;
};
