import type { Context } from "../../context.ts";
import { Allowance } from "../../model/allowance.ts";
import { Workers } from "./worker-pool.ts";

/** How long a batch waits for its attempts, in ms. Attempts that take longer continue beside the next batch. */
const ATTEMPTS_MS = 1_000;
/** The same while more messages wait: these must not wait for the destinations of the ones before. */
const HURRIED_ATTEMPTS_MS = 300;

/** What all parts of one invocation of a consumer share. */
export type Invocation = {
  readonly allowance: Allowance;
  readonly workers: Workers;
  /** How long each part waits for its attempts. Other attempts are left to the DELIVERIES queue. */
  readonly attempts_ms: number;
};

/** How long a pause between pieces of work is, in ms. A request needs several turns until it is answered. */
const PAUSE_MS = 5;

function createAllowance({ clock }: Context): Allowance {
  return new Allowance(clock, () => scheduler.wait(PAUSE_MS));
}

/** Begins an invocation. `isHurried`: more messages wait behind its own. */
export function startInvocation(context: Context, { isHurried = false } = {}): Invocation {
  const attempts_ms = isHurried ? HURRIED_ATTEMPTS_MS : ATTEMPTS_MS;
  return { allowance: createAllowance(context), workers: new Workers(), attempts_ms };
}

/** Returns the invocation with an allowance that nothing has been taken from. */
export function withOwnAllowance(context: Context, invocation: Invocation): Invocation {
  return { ...invocation, allowance: createAllowance(context) };
}
