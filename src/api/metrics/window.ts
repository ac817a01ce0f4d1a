import type { FieldError, Result } from "../../model/result.ts";
import { fail, ok } from "../../model/result.ts";

// Times are in ms since 1970, in UTC.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const STEP_MS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;
export type Step = keyof typeof STEP_MS;

/** The points of a series if no time is given. */
const USUAL_POINTS = { minute: 60, hour: 24, day: 30 } as const satisfies Record<Step, number>;
const MAX_POINTS = 1_500;
/** How far back counts are kept by each step. */
const KEPT = {
  minute: { ms: 25 * HOUR_MS, text: "25 hours: before that, counts are kept by hour" },
  hour: { ms: 31 * DAY_MS, text: "31 days: before that, counts are kept by day" },
  day: { ms: Number.POSITIVE_INFINITY, text: "" },
} as const satisfies Record<Step, { readonly ms: number; readonly text: string }>;

/** The steps of a chart: `count` of them, of which the first begins at `from`. */
export type Window = { readonly step: Step; readonly from: number; readonly count: number };

/** Returns the whole steps that hold the times from `from` to `to`, or which of the two is wrong. */
export function windowOf(
  step: Step,
  given: { readonly from?: number | undefined; readonly to?: number | undefined },
  nowMs: number,
): Result<Window, FieldError> {
  const size = STEP_MS[step];
  const to = Math.ceil((given.to ?? nowMs) / size) * size;
  const from = Math.floor((given.from ?? to - USUAL_POINTS[step] * size) / size) * size;
  const count = (to - from) / size;
  if (count < 1) return fail({ path: "from", message: "must be before `to`" });
  if (count > MAX_POINTS) {
    return fail({ path: "from", message: `must be at most ${MAX_POINTS} ${step}s before \`to\`` });
  }
  const { ms, text } = KEPT[step];
  if (from < Math.floor((nowMs - ms) / size) * size) {
    return fail({ path: "from", message: `must be within the last ${text}` });
  }
  return ok({ step, from, count });
}
