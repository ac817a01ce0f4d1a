import * as z from "zod/mini";
import { isJsonObject } from "../model/json.ts";

// Schemas of fields that several resources share.

const CONTROL = /\p{Cc}/u;
const MAX_PERIOD_SECONDS = 86_400;
const MAX_OVERLAP_SECONDS = 604_800;
const DEFAULT_OVERLAP_SECONDS = 86_400;

/** A text on one line. */
export function plainText(longest: number) {
  return z.string().check(
    z.maxLength(longest),
    z.refine(
      (text) => text.isWellFormed() && !CONTROL.test(text),
      "must not contain control characters or broken text",
    ),
  );
}

export const name = plainText(200).check(z.refine((text) => text.trim() !== "", "must not be blank"));

/** A map whose names a client chooses. `z.record` by itself drops a member `__proto__` without an error. */
export function mapOf<Value extends z.ZodMiniType>(value: Value) {
  return z.pipe(
    z.transform((given: unknown, context) => {
      if (isJsonObject(given) && Object.hasOwn(given, "__proto__")) {
        context.issues.push({ code: "custom", input: given, path: ["__proto__"], message: "cannot be used as a name" });
      }
      return given;
    }),
    z.record(z.string(), value),
  );
}

/** A number of requests in a number of seconds; null for no limit. */
export function rateLimitOf(maxRequests: number) {
  return z.nullable(
    z.strictObject({
      requests: z.int().check(z.minimum(1), z.maximum(maxRequests)),
      period_seconds: z.int().check(z.minimum(1), z.maximum(MAX_PERIOD_SECONDS)),
    }),
  );
}

/** A rate limit as the API shows it. */
export const shownRateLimit = z.nullable(z.strictObject({ requests: z.int(), period_seconds: z.int() }));

/** The name of an HTTP header, in lower case. */
export const headerName = z.pipe(
  z.string().check(z.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "is not a valid header name")),
  z.transform((text) => text.toLowerCase()),
);

/** How long a rotated secret stays valid beside the new one. */
export const overlapSeconds = z._default(
  z.int().check(z.minimum(0), z.maximum(MAX_OVERLAP_SECONDS)),
  DEFAULT_OVERLAP_SECONDS,
);

/** When a rotated secret ends; null for now. */
export function endOfOverlap(nowMs: number, seconds: number): string | null {
  return seconds === 0 ? null : new Date(nowMs + seconds * 1_000).toISOString();
}
