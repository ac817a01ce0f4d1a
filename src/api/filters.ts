import * as z from "zod/mini";
import { type Result, fail, ok } from "../model/result.ts";
import { type Needle, needleOf } from "../model/text-match.ts";
import type { Problem } from "../net/problem.ts";
import type { TimeRange } from "../storage/events/log.ts";
import { refuseQuery } from "./problems.ts";
import { documentedWith } from "./schema.ts";

// Filters that several lists share.

/** A time, as a text. */
export const iso = z.iso.datetime({ offset: true, error: "must be an ISO 8601 time, such as 2026-01-31T12:00:00Z" });

/** A parameter that is a time; as ms since 1970. */
export function timeFilter(description: string) {
  const parsed = z.pipe(iso, z.transform(Date.parse));
  return documentedWith(z.optional(parsed), { type: "string", format: "date-time", description });
}

/** The parameters of a range of times. */
export const timeFilters = {
  from: timeFilter("Only what was received at this time or later."),
  to: timeFilter("Only what was received at this time or earlier."),
};

type Times = { readonly from?: number | undefined; readonly to?: number | undefined };

/** Returns the range that the parameters ask for. Their names begin with `prefix`. */
export function rangeOf({ from, to }: Times, prefix = ""): Result<TimeRange, Problem> {
  if (from !== undefined && to !== undefined && from > to) {
    return fail(refuseQuery([{ path: `${prefix}to`, message: `must not be before \`${prefix}from\`` }]).error);
  }
  return ok({ from_ms: from, to_ms: to });
}

const MAX_TEXT = 200;

/** A filter by a part of a text. */
export const textFilter = z
  .optional(
    z.string().check(
      z.maxLength(MAX_TEXT),
      z.refine((text) => text.trim() !== "", "must not be blank"),
    ),
  )
  .check(z.describe("A part of the text, in any case."));

/** Returns what a filter by a part of a text looks for. */
export function textOf(q: string | undefined): { readonly text?: Needle } {
  return q === undefined ? {} : { text: needleOf(q) };
}

/** A filter by the exact name. */
export const nameFilter = z.optional(z.string().check(z.maxLength(200))).check(z.describe("The exact name."));
