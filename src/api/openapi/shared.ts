import * as z from "zod/mini";

// Parts of answers that several resources share. Objects are strict for the tests' sake; the document lets answers grow.

export const time = z.iso.datetime({ precision: 3 });

/** An id with this prefix. */
export function idOf(prefix: string) {
  return z.string().check(z.regex(new RegExp(`^${prefix}_[0-9A-Za-z]+$`)));
}

export const anyJson = z.json();
export const headerValues = z.record(z.string(), z.string());
export const stamps = { created_at: time, updated_at: time };

/** What is to be known of lists that do not look at everything for one page. */
export const FILTERED =
  "A page looks at a bounded number of rows: with a filter that few of them match it may be short or empty, and go on at `next_cursor`.";

/** A page of rows. */
export function pageOf(row: z.ZodMiniType) {
  return z.strictObject({
    data: z.array(row),
    next_cursor: z
      .nullable(z.string())
      .check(z.describe("Null on the last page, and only there: a page may be short, or empty, before it.")),
  });
}

export const fieldErrors = z.array(
  z.strictObject({
    path: z.string().check(z.describe("Such as `destination_ids[0]`; empty for the whole body.")),
    message: z.string(),
  }),
);

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.optional(fieldErrors),
  })
  .check(z.describe("RFC 9457."));
