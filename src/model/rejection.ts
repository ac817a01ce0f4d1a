/** The latest of the requests that were refused for one reason in one minute. Texts are cut; there is no body. */
export type RejectionExample = {
  readonly method: string;
  readonly content_type: string | null;
  readonly user_agent: string | null;
  /** The length of the body in bytes as the sender stated it, or null if it did not. */
  readonly size: number | null;
};

/** Why a request was refused: the status and code of its problem. */
export type RejectionReason = { readonly status: number; readonly code: string };

/** How often requests were refused for one reason in one minute. `at` is when the latest was, in ms since 1970. */
export type RejectionCount = RejectionReason & {
  readonly at: number;
  readonly count: number;
  readonly example: RejectionExample;
};

/** What was refused in one minute, which is counted since 1970. */
export type RejectionMinute = { readonly minute: number; readonly counts: readonly RejectionCount[] };
