/** The most bytes of JSON that a call takes or gives. */
export const MAX_JSON_BYTES = 10_000_000;

/** What a result may hold: later code walks it by recursion, and parsed values take many times the memory of their text. */
export const JSON_LIMITS = { max_depth: 100, max_values: 1_000_000 } as const;

/** The time that a call may take in all, in ms. */
export const MAX_RUN_MS = 2_000;
