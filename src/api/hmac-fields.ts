import * as z from "zod/mini";
import { HMAC_ALGORITHMS, SIGNATURE_ENCODINGS } from "../model/integration-auth.ts";
import { type Placeholder, placeholdersOf } from "../signing/template.ts";
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
      z
        .string()
        .check(
          z.regex(
            /^(?:[\x21-\x7e][\x20-\x7e]{0,49})?$/,
            "must be at most 50 printable ASCII characters, and not begin with a space",
          ),
        ),
    ),
  };
}

/** The text that is signed, with placeholders of these names. */
export function hmacTemplate(names: readonly Placeholder[]) {
  const list = names.map((name) => `{{${name}}}`).join(", ");
  return z.optional(
    z.string().check(
      z.maxLength(MAX_TEMPLATE),
      z.refine(
        (given) => given.isWellFormed() && (placeholdersOf(given)?.every((name) => names.includes(name)) ?? false),
        `must contain no placeholders but ${list}`,
      ),
      z.refine(
        (given) => placeholdersOf(given)?.filter((placeholder) => placeholder === "body").length === 1,
        "must contain {{body}} once",
      ),
    ),
  );
}

/** The settings of the scheme `hmac` as the API shows them. */
export const shownHmac = {
  scheme: z.literal("hmac"),
  header: z.string(),
  algorithm: z.enum(HMAC_ALGORITHMS),
  encoding: z.enum(SIGNATURE_ENCODINGS),
  prefix: z.string(),
  template: z.string(),
};
