import * as z from "zod/mini";
import { HMAC_ALGORITHMS, SIGNATURE_ENCODINGS } from "../model/integration-auth.ts";
import { placesOf } from "../signing/template.ts";
import type { headerName } from "./fields.ts";

// What the scheme `hmac` takes of those who send to the gateway and of those that it sends to.

const MAX_TEMPLATE = 500;

/** Which header a signature stands in, and how; `header` says which ones it may be. */
export function hmacFields(header: typeof headerName) {
  return {
    scheme: z.literal("hmac"),
    header: z.optional(header),
    algorithm: z.optional(z.enum(HMAC_ALGORITHMS)),
    encoding: z.optional(z.enum(SIGNATURE_ENCODINGS)),
    prefix: z.optional(
      z
        .string()
        .check(z.regex(/^[\x21-\x7e]{0,50}$/, "has to be at most 50 printable ASCII characters without spaces")),
    ),
  };
}

/** What is signed. */
export const hmacTemplate = z.optional(
  z.string().check(
    z.maxLength(MAX_TEMPLATE),
    z.refine(
      (given) => given.isWellFormed() && placesOf(given) !== null,
      "may hold only {{id}}, {{timestamp}} and {{body}}",
    ),
    z.refine((given) => placesOf(given)?.filter((place) => place === "body").length === 1, "has to hold {{body}} once"),
  ),
);
