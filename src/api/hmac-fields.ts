import * as z from "zod/mini";
import { HMAC_ALGORITHMS, SIGNATURE_ENCODINGS } from "../model/integration-auth.ts";
import { placeholdersOf } from "../signing/template.ts";
import type { headerName } from "./fields.ts";

// The fields of the scheme `hmac`, of senders to the gateway and of destinations.

const MAX_TEMPLATE = 500;

/** The header of a signature and its notation. `header` checks which headers are acceptable. */
export function hmacFields(header: typeof headerName) {
  return {
    scheme: z.literal("hmac"),
    header: z.optional(header),
    algorithm: z.optional(z.enum(HMAC_ALGORITHMS)),
    encoding: z.optional(z.enum(SIGNATURE_ENCODINGS)),
    prefix: z.optional(
      z.string().check(z.regex(/^[\x21-\x7e]{0,50}$/, "must be at most 50 printable ASCII characters without spaces")),
    ),
  };
}

/** The text that is signed. */
export const hmacTemplate = z.optional(
  z.string().check(
    z.maxLength(MAX_TEMPLATE),
    z.refine(
      (given) => given.isWellFormed() && placeholdersOf(given) !== null,
      "must contain no placeholders but {{id}}, {{timestamp}} and {{body}}",
    ),
    z.refine(
      (given) => placeholdersOf(given)?.filter((placeholder) => placeholder === "body").length === 1,
      "must contain {{body}} once",
    ),
  ),
);

/** The settings of the scheme `hmac` as the API shows them. */
export const shownHmac = {
  scheme: z.literal("hmac"),
  header: z.string(),
  algorithm: z.enum(HMAC_ALGORITHMS),
  encoding: z.enum(SIGNATURE_ENCODINGS),
  prefix: z.string(),
  template: z.string(),
};
