import * as z from "zod/mini";
import { type IntegrationAuth, PLAIN_SCHEMES, SIGNATURE_SCHEMES } from "../../model/integration-auth.ts";
import { REPEAT_HEADERS } from "../../ingest/idempotency-key.ts";
import { headerName, plainText } from "../fields.ts";
import { hmacFields, hmacTemplate } from "../hmac-fields.ts";

const TAKEN_HEADERS = [
  "host",
  "connection",
  "content-length",
  "content-type",
  "content-encoding",
  "transfer-encoding",
  ...REPEAT_HEADERS,
];

const ownHeader = headerName.check(z.refine((text) => !TAKEN_HEADERS.includes(text), "has another use in HTTP"));

const token = z
  .string()
  .check(
    z.regex(
      /^[\x21-\x7e](?:[\x20-\x7e]{0,1022}[\x21-\x7e])?$/,
      "has to be 1 to 1024 printable ASCII characters, without a space at either end",
    ),
  );
const bearerToken = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,1024}$/, "has to be 1 to 1024 printable ASCII characters without spaces"));

const text = plainText(1_024).check(z.minLength(1));

/** A secret as a vendor shows it. */
export const signatureSecret = text.check(
  z.refine((given) => given.trim() === given, "may not have a space at either end"),
);

const shared = { type: z.literal("signature"), secret: z.optional(signatureSecret) };

const signature = z.discriminatedUnion(
  "scheme",
  [
    z.strictObject({ ...shared, scheme: z.enum(PLAIN_SCHEMES) }),
    z.strictObject({
      ...shared,
      scheme: z.literal("grafana"),
      header: z.optional(ownHeader),
      timestamp_header: z.optional(z.nullable(ownHeader)),
    }),
    z.strictObject({ ...shared, scheme: z.literal("meta"), verify_token: z.optional(token) }),
    z.strictObject({
      ...shared,
      ...hmacFields(ownHeader),
      timestamp_header: z.optional(z.nullable(ownHeader)),
      id_header: z.optional(z.nullable(ownHeader)),
      template: hmacTemplate,
    }),
  ],
  { error: `has to be a scheme that is known here: ${SIGNATURE_SCHEMES.join(", ")}` },
);

/** `auth` as it is given: what is left out is kept where it was set before, else made or taken from a default. */
export const integrationAuth = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({ type: z.literal("token"), header: z.optional(ownHeader), token: z.optional(token) }),
    z.strictObject({
      type: z.literal("basic"),
      username: z.optional(text.check(z.refine((given) => !given.includes(":"), "may not hold a colon"))),
      password: z.optional(text),
    }),
    z.strictObject({ type: z.literal("bearer"), token: z.optional(bearerToken) }),
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
