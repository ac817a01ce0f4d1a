import * as z from "zod/mini";

// Schemas of fields that several resources share.

const CONTROL = /\p{Cc}/u;
const MAX_PERIOD_SECONDS = 86_400;

/** A text that can be shown on one line. */
export function plainText(longest: number) {
  return z.string().check(
    z.maxLength(longest),
    z.refine((text) => text.isWellFormed() && !CONTROL.test(text), "may not hold control characters or broken text"),
  );
}

export const name = plainText(200).check(z.refine((text) => text.trim() !== "", "may not be blank"));

/** So many requests in so many seconds; null for no limit. */
export function rateLimitOf(mostRequests: number) {
  return z.optional(
    z.nullable(
      z.strictObject({
        requests: z.int().check(z.minimum(1), z.maximum(mostRequests)),
        period_seconds: z.int().check(z.minimum(1), z.maximum(MAX_PERIOD_SECONDS)),
      }),
    ),
  );
}

/** The name of an HTTP header, in lower case. */
export const headerName = z.pipe(
  z.string().check(z.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "is not a valid header name")),
  z.transform((text) => text.toLowerCase()),
);
