import { LruMap } from "../platform/lru.ts";
import type { TransformationFault, TransformationRun } from "./run.ts";

/** After so many calls in a row that ran into a limit, a transformation is not run for a while. */
const MAX_STOPPED = 3;
/** How long it is not run, in ms. One call tries it then. */
const REST_MS = 10_000;
const MAX_KEPT = 1_000;

/** How the last call of a transformation ended: it ran into a limit, it did not, or there was none. */
export type Standing = "proven" | "unknown" | "stopped";

type Stopped = { readonly count: number; readonly until_ms: number; readonly fault: TransformationFault };

/** Knows which transformations ran into limits lately, so that they do not take the time of others. */
export type TransformationBreaker = {
  /** Returns the fault of the last call if a transformation is not to be run now, else null. */
  readonly refusal: (key: string) => TransformationFault | null;
  readonly standing: (key: string) => Standing;
  /** Notes how a call ended. */
  readonly note: (key: string, run: TransformationRun) => void;
};

/** Returns whether a fault is that of code which took too much time or memory. */
export function isLimit({ code }: TransformationFault): boolean {
  return code === "cpu_limit" || code === "time_limit" || code === "memory_limit";
}

/** Makes a breaker for one isolate. `clock` returns ms since 1970. */
export function createTransformationBreaker(clock: () => number): TransformationBreaker {
  const ends = new LruMap<string, Stopped | "proven">({ max: MAX_KEPT });
  const stopped = (key: string): Stopped | null => {
    const end = ends.get(key);
    return end === undefined || end === "proven" ? null : end;
  };
  return {
    refusal(key) {
      const last = stopped(key);
      if (last === null || last.count < MAX_STOPPED || clock() >= last.until_ms) return null;
      const { code, message } = last.fault;
      return {
        code,
        message: `${message} It was stopped ${MAX_STOPPED} times in a row, so it was not run.`,
        line: null,
      };
    },
    standing(key) {
      const end = ends.get(key);
      if (end === undefined) return "unknown";
      return end === "proven" ? "proven" : "stopped";
    },
    note(key, run) {
      if (run.ok || !isLimit(run.fault)) return ends.set(key, "proven");
      const count = (stopped(key)?.count ?? 0) + 1;
      ends.set(key, { count, until_ms: clock() + REST_MS, fault: run.fault });
    },
  };
}
