import * as z from "zod/mini";

export { headerValues, idOf, stamps, time } from "../schema.ts";

/** A page of rows. */
export function pageOf(row: z.ZodMiniType) {
  return z.strictObject({
    data: z.array(row),
    next_cursor: z
      .nullable(z.string())
      .check(z.describe("Null on the last page, and only there: a page may be short, or empty, before it.")),
  });
}
