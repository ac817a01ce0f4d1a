import * as z from "zod";

// Schemas of fields that several resources share.

const CONTROL = /\p{Cc}/u;

export const name = z
  .string()
  .max(200)
  .refine((text) => text.trim() !== "", "may not be blank")
  .refine((text) => text.isWellFormed() && !CONTROL.test(text), "may not hold control characters or broken text");

/** The name of an HTTP header, in lower case. */
export const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "is not a valid header name")
  .transform((text) => text.toLowerCase());

export const onlyNull = z.null({ error: "is not supported by this version: leave it out or send null" }).optional();

/** The one kind of a thing that there is today. */
export function only<const Word extends string>(word: Word, field: string) {
  return z.literal(word, {
    error: `is not supported by this version: ${field} can only be "${word}"`,
  });
}
