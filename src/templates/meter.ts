/** What a template, or all that a request needs rendered, may still cost; one unit is about a character looked at. Below 0 it was not enough. */
export type Work = { left: number };

/** Counts what rendering costs. The clock does not advance inside a Worker while it computes, so time cannot be the limit. */
export type Meter = {
  readonly spend: (units: number) => void;
  /** Ends the rendering, for a reason in words. */
  readonly refuse: (reason: string) => never;
  /** Why it was ended, or null. */
  readonly refusal: () => string | null;
};

class Refusal extends Error {}

/** A meter over at most `most` units of the work that is left; both are used up together. */
export function createMeter(most: number, work: Work): Meter {
  let left = Math.min(most, work.left);
  let reason: string | null = null;
  const refuse = (why: string): never => {
    reason ??= why;
    throw new Refusal(why);
  };
  return {
    spend: (units) => {
      if (!(units > 0)) return;
      // What is refused is not done, and costs the others nothing.
      work.left -= Math.min(units, left);
      left -= units;
      if (left >= 0) return;
      if (work.left <= 0) work.left = -1;
      refuse("it takes more work than a template may.");
    },
    refuse,
    refusal: () => reason,
  };
}
