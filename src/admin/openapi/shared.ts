import * as z from "zod";

// Parts of answers that several resources share. Objects are strict for the tests' sake; the document lets answers grow.

export const time = z.iso.datetime({ precision: 3 });

/** An id with this prefix. */
export function idOf(prefix: string) {
  return z.string().regex(new RegExp(`^${prefix}_[0-9A-Za-z]+$`));
}

export const anyJson = z.json();
export const headerValues = z.record(z.string(), z.string());
export const stamps = { created_at: time, updated_at: time };

/** A page of rows. */
export function pageOf(row: z.ZodType) {
  return z.strictObject({
    data: z.array(row),
    next_cursor: z.string().nullable().describe("Null on the last page."),
  });
}

export const fieldErrors = z.array(
  z.strictObject({
    path: z.string().describe("Such as `destination_ids[0]`; empty for the whole body."),
    message: z.string(),
  }),
);

export const problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: fieldErrors.optional(),
  })
  .describe("RFC 9457.");
