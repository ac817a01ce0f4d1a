import * as z from "zod";
import {
  HMAC_ALGORITHMS,
  type IntegrationAuth,
  PLAIN_SCHEMES,
  SIGNATURE_ENCODINGS,
  SIGNATURE_SCHEMES,
} from "../model/integration-auth.ts";
import { placesOf } from "../signing/template.ts";
import { REPEAT_HEADERS } from "../ingest/repeat-key.ts";
import { headerName } from "./fields.ts";

const TAKEN_HEADERS = [
  "host",
  "connection",
  "content-length",
  "content-type",
  "content-encoding",
  "transfer-encoding",
  ...REPEAT_HEADERS,
];
const CONTROL = /\p{Cc}/u;
const LONGEST_TEMPLATE = 500;

const ownHeader = headerName.refine((text) => !TAKEN_HEADERS.includes(text), "has another use in HTTP");

const token = z
  .string()
  .regex(
    /^[\x21-\x7e](?:[\x20-\x7e]{0,1022}[\x21-\x7e])?$/,
    "has to be 1 to 1024 printable ASCII characters, without a space at either end",
  );
const bearerToken = z
  .string()
  .regex(/^[\x21-\x7e]{1,1024}$/, "has to be 1 to 1024 printable ASCII characters without spaces");

const text = z
  .string()
  .min(1)
  .max(1_024)
  .refine((given) => given.isWellFormed() && !CONTROL.test(given), "may not hold control characters or broken text");

/** A secret as a vendor shows it. */
export const signatureSecret = text.refine((given) => given.trim() === given, "may not have a space at either end");

const shared = { type: z.literal("signature"), secret: signatureSecret.optional() };

const template = z
  .string()
  .max(LONGEST_TEMPLATE)
  .refine(
    (given) => given.isWellFormed() && placesOf(given) !== null,
    "may hold only {{id}}, {{timestamp}} and {{body}}",
  )
  .refine((given) => placesOf(given)?.filter((place) => place === "body").length === 1, "has to hold {{body}} once");

const signature = z.discriminatedUnion(
  "scheme",
  [
    z.strictObject({ ...shared, scheme: z.enum(PLAIN_SCHEMES) }),
    z.strictObject({
      ...shared,
      scheme: z.literal("grafana"),
      header: ownHeader.optional(),
      timestamp_header: ownHeader.nullable().optional(),
    }),
    z.strictObject({ ...shared, scheme: z.literal("meta"), verify_token: token.optional() }),
    z.strictObject({
      ...shared,
      scheme: z.literal("hmac"),
      header: ownHeader.optional(),
      algorithm: z.enum(HMAC_ALGORITHMS).optional(),
      encoding: z.enum(SIGNATURE_ENCODINGS).optional(),
      prefix: z
        .string()
        .regex(/^[\x21-\x7e]{0,50}$/, "has to be at most 50 printable ASCII characters without spaces")
        .optional(),
      timestamp_header: ownHeader.nullable().optional(),
      id_header: ownHeader.nullable().optional(),
      template: template.optional(),
    }),
  ],
  { error: `has to be a scheme that is known here: ${SIGNATURE_SCHEMES.join(", ")}` },
);

/** `auth` as it is given: what is left out is kept where it was set before, else made or taken from a default. */
export const integrationAuth = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({ type: z.literal("token"), header: ownHeader.optional(), token: token.optional() }),
    z.strictObject({
      type: z.literal("basic"),
      username: text.refine((given) => !given.includes(":"), "may not hold a colon").optional(),
      password: text.optional(),
    }),
    z.strictObject({ type: z.literal("bearer"), token: bearerToken.optional() }),
    signature,
  ],
  {
    error:
      'has to be an object whose type is one that this version supports: "none", "token", "basic", "bearer" or "signature"',
  },
);
export type GivenAuth = z.output<typeof integrationAuth>;
export type GivenSignature = z.output<typeof signature>;

/** `auth` as it is shown: without anything that proves something. */
export function showAuth(auth: IntegrationAuth, nowMs: number): Readonly<Record<string, unknown>> {
  if (auth.type === "none") return auth;
  const { previous, ...rest } = auth;
  const ends = (previous ?? []).map(({ expires_at }) => expires_at).filter((at) => Date.parse(at) > nowMs);
  const shown = Object.entries(rest).filter(([name]) => !name.endsWith("_hash") && name !== "sealed_secret");
  const last = ends.toSorted().at(-1);
  return { ...Object.fromEntries(shown), ...(last === undefined ? {} : { previous_expires_at: last }) };
}
