import * as z from "zod/mini";
import { REPEAT_HEADERS } from "../../ingest/idempotency-key.ts";
import { type IntegrationAuth, PLAIN_SCHEMES, SIGNATURE_SCHEMES } from "../../model/integration-auth.ts";
import { headerName, plainText } from "../fields.ts";
import { hmacFields, hmacTemplate, shownHmac } from "../hmac-fields.ts";
import { answerSchema, documentedWith, requestSchema, time } from "../schema.ts";

const RESERVED_HEADERS = [
  "host",
  "connection",
  "content-length",
  "content-type",
  "content-encoding",
  "transfer-encoding",
  ...REPEAT_HEADERS,
];

const header = headerName.check(
  z.refine((text) => !RESERVED_HEADERS.includes(text), "is reserved: it has another meaning in HTTP"),
);

const token = z
  .string()
  .check(
    z.regex(
      /^[\x21-\x7e](?:[\x20-\x7e]{0,1022}[\x21-\x7e])?$/,
      "must be 1 to 1024 printable ASCII characters, without a space at either end",
    ),
  );
const bearerToken = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,1024}$/, "must be 1 to 1024 printable ASCII characters without spaces"));

const text = plainText(1_024).check(z.minLength(1));

/** A signing secret in the notation of its vendor. */
export const signatureSecret = text.check(
  z.refine((given) => given.trim() === given, "must not have a space at either end"),
);

const signed = { type: z.literal("signature"), secret: z.optional(signatureSecret) };

const signature = z.discriminatedUnion(
  "scheme",
  [
    z.strictObject({ ...signed, scheme: z.enum(PLAIN_SCHEMES) }),
    z.strictObject({
      ...signed,
      scheme: z.literal("grafana"),
      header: z.optional(header),
      timestamp_header: z.optional(z.nullable(header)),
    }),
    z.strictObject({ ...signed, scheme: z.literal("meta"), verify_token: z.optional(token) }),
    z.strictObject({
      ...signed,
      ...hmacFields(header),
      timestamp_header: z.optional(z.nullable(header)),
      id_header: z.optional(z.nullable(header)),
      template: hmacTemplate,
    }),
  ],
  { error: `must be one of the schemes ${SIGNATURE_SCHEMES.join(", ")}` },
);

/** `auth` in a request. What is omitted keeps its stored value; otherwise it is generated or has a default. */
export const acceptedAuth = requestSchema(
  "IntegrationAuthInput",
  documentedWith(
    z.discriminatedUnion(
      "type",
      [
        z.strictObject({ type: z.literal("none") }),
        z.strictObject({ type: z.literal("token"), header: z.optional(header), token: z.optional(token) }),
        z.strictObject({
          type: z.literal("basic"),
          username: z.optional(text.check(z.refine((given) => !given.includes(":"), "must not contain a colon"))),
          password: z.optional(text),
        }),
        z.strictObject({ type: z.literal("bearer"), token: z.optional(bearerToken) }),
        signature,
      ],
      { error: 'must be an object whose type is "none", "token", "basic", "bearer" or "signature"' },
    ),
    { description: "A credential that is omitted is generated, or keeps its value." },
  ),
);
export type GivenAuth = z.output<typeof acceptedAuth>;
export type GivenSignature = z.output<typeof signature>;

const rotated = {
  previous_expires_at: z.optional(time).check(z.describe("When the last replaced credential ends.")),
};
const secret = z.optional(z.string()).check(z.describe("Only in the answer that set it."));
const shownSignature = { type: z.literal("signature"), secret, ...rotated };

/** `auth` as the API shows it. */
export const shownAuth = answerSchema(
  "IntegrationAuth",
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({ type: z.literal("token"), header: z.string(), token: secret, ...rotated }),
    z.strictObject({ type: z.literal("basic"), username: z.string(), password: secret, ...rotated }),
    z.strictObject({ type: z.literal("bearer"), token: secret, ...rotated }),
    z.discriminatedUnion("scheme", [
      z.strictObject({ ...shownSignature, scheme: z.enum(PLAIN_SCHEMES) }),
      z.strictObject({
        ...shownSignature,
        scheme: z.literal("grafana"),
        header: z.string(),
        timestamp_header: z.nullable(z.string()),
      }),
      z.strictObject({ ...shownSignature, scheme: z.literal("meta"), verify_token: secret }),
      z.strictObject({
        ...shownSignature,
        ...shownHmac,
        timestamp_header: z.nullable(z.string()),
        id_header: z.nullable(z.string()),
      }),
    ]),
  ]),
);

/** The credentials that only the answer that set them shows. */
export type RevealedCredentials = {
  readonly token?: string;
  readonly password?: string;
  readonly secret?: string;
  readonly verify_token?: string;
};

/** How senders authenticate, to be stored, and the new credentials in clear text, to be shown once. */
export type ResolvedAuth = { readonly auth: IntegrationAuth; readonly revealed: RevealedCredentials };
