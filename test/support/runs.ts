import { inject } from "vitest";

declare module "vitest" {
  // Only an interface adds to one that is declared elsewhere.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface ProvidedContext {
    seed: number;
    scale: number;
  }
}

/** The seed of everything random in tests. The output of each run shows it, and TEST_SEED sets it. */
export const SEED = inject("seed");

/** Returns how many runs a test makes: the full number in `npm run test:slow`, a part of it in `npm test`. */
export function runs(full: number): number {
  return Math.max(1, Math.ceil(full * inject("scale")));
}
