/** A run of a transformation that failed or wrote lines, as the log of a transformation keeps it. */
export type LoggedRun = {
  /** When it began (ISO). */
  readonly at: string;
  /** The event that it was for. */
  readonly event_id: string;
  readonly version: number;
  readonly ok: boolean;
  readonly duration_ms: number;
  /** What the code wrote with `console`, cut to `MAX_LOGGED_CHARACTERS`. */
  readonly logs: readonly string[];
  /** Why it failed, or null. */
  readonly error: string | null;
  /** The line of the code in which it failed, or null. */
  readonly line: number | null;
};

/** The runs that are kept of each transformation. */
export const MAX_LOGGED_RUNS = 20;
/** The characters of all lines of one run that are kept. */
export const MAX_LOGGED_CHARACTERS = 2_000;

/** The newest runs of a transformation, to be added to its log. */
export type RunsToLog = { readonly transformation_id: string; readonly runs: readonly LoggedRun[] };
