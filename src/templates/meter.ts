import type { Budget } from "../model/budget.ts";

/** Counts what a rendering costs, in units of about a character that is read. */
export type Meter = {
  readonly spend: (units: number) => void;
  /** Ends the rendering. The reason is a sentence for the template's author. */
  readonly refuse: (reason: string) => never;
  /** Returns why the rendering was ended; null if it was not. */
  readonly refusal: () => string | null;
};

class RenderingRefused extends Error {}

/** Why a rendering is ended whose budget is exceeded. */
export const TOO_COSTLY = "it takes more work than a template may.";

/** Returns a meter that ends the rendering once the budget is exceeded. */
export function createMeter(budget: Budget): Meter {
  let reason: string | null = null;
  const refuse = (why: string): never => {
    reason ??= why;
    throw new RenderingRefused(why);
  };
  return {
    spend: (units) => {
      if (!budget.charge(units)) refuse(TOO_COSTLY);
    },
    refuse,
    refusal: () => reason,
  };
}
