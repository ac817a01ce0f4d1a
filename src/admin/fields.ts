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
