import * as z from "zod/mini";
import { IDEMPOTENCY_HEADERS } from "../../ingest/interpret.ts";
import { type IntegrationAuth, SECRET_ENCODINGS, type SignatureOptions } from "../../model/integration-auth.ts";
import {
  INBOUND_SCHEMES,
  PLAIN_SCHEMES,
  SIGNATURE_SCHEMES,
  type SignatureScheme,
  learnsSecret,
} from "../../signing/schemes/registry.ts";
import { PLACEHOLDERS } from "../../signing/template.ts";
import { checkUrl } from "../../net/url-guard.ts";
import { headerName, plainText } from "../fields.ts";
import { hmacFields, hmacTemplate, shownHmac } from "../hmac-fields.ts";
import { answerSchema, documentedWith, requestSchema, time } from "../schema.ts";

// Of these, proxies and the platform replace or drop what a sender gives: a credential in one would never be accepted.
const RESERVED_HEADERS = [
  "accept-encoding",
  "host",
  "connection",
  "content-length",
  "content-type",
  "content-encoding",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  ...IDEMPOTENCY_HEADERS,
];

const header = headerName.check(
  z.refine((text) => !RESERVED_HEADERS.includes(text), "is reserved: it has another meaning in HTTP"),
  z.refine((text) => !/^(?:cf-|hookgate-)/.test(text), "is reserved: the platform or the gateway sets it"),
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

/** A secret that the sender brings in a handshake. */
const learnedSecret = z
  .nullable(signatureSecret)
  .check(z.describe("Omit it to learn it from the next handshake. Null forgets the one that was learned."));

/** The issuer of tokens, as it names itself. The guard checks the address again when it is called. */
const issuer = z.string().check(
  z.maxLength(300),
  z.refine(
    (given) => checkUrl(given, { allowPrivate: true, ownHosts: [] }).ok,
    "must be a URL such as https://accounts.google.com",
  ),
);
const topicArn = z
  .string()
  .check(
    z.regex(
      /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]{1,256}$/,
      "must be the ARN of a topic: arn:aws:sns:region:account:name",
    ),
  );

/** A name in a header such as `t=…,v1=…`. */
const fieldName = z
  .string()
  .check(z.regex(/^[\w.-]{1,50}$/, "must be the name of a field in a header such as t=…,v1=…"));

// The fields of all schemes together. Each scheme takes those that its options name.
const fieldsOfAll = {
  type: z.literal("signature"),
  ...hmacFields(header),
  scheme: z.enum(SIGNATURE_SCHEMES),
  timestamp_header: z.optional(z.nullable(header)),
  id_header: z.optional(z.nullable(header)),
  signature_field: z.optional(z.nullable(fieldName)),
  timestamp_field: z.optional(z.nullable(fieldName)),
  template: hmacTemplate(PLACEHOLDERS),
  verify_token: z.optional(token),
  issuer: z.optional(issuer).check(z.describe("The issuer of the tokens. The default is Google.")),
  audience: z
    .optional(z.nullable(text))
    .check(z.describe("The audience of the tokens; null for the URL of the integration.")),
  email: z
    .optional(plainText(256).check(z.minLength(1)))
    .check(z.describe("The verified email of the account that the tokens name, or their `sub`.")),
  topic_arn: z.optional(z.nullable(topicArn)).check(z.describe("The only topic of SNS; null for any topic.")),
  secret_encoding: z
    .optional(z.enum(SECRET_ENCODINGS))
    .check(z.describe("How the secret spells the key: as a text, or as bytes in base64 or hexadecimal.")),
  idempotent: z
    .optional(z.boolean())
    .check(
      z.describe("Whether requests with the same signed body are one event. A signed id or time decides by itself."),
    ),
};

function allSchemes(secret: z.ZodMiniType<string | null>) {
  return z.strictObject({ ...fieldsOfAll, secret: z.optional(secret) });
}

/** The field of each option. A token is given in the clear and stored as a hash. */
const FIELD_OF = {
  header: "header",
  algorithm: "algorithm",
  encoding: "encoding",
  prefix: "prefix",
  timestamp_header: "timestamp_header",
  id_header: "id_header",
  signature_field: "signature_field",
  timestamp_field: "timestamp_field",
  template: "template",
  verify_token_hash: "verify_token",
  issuer: "issuer",
  audience: "audience",
  email: "email",
  topic_arn: "topic_arn",
  secret_encoding: "secret_encoding",
  idempotent: "idempotent",
} as const satisfies Record<keyof SignatureOptions, string>;

type FieldMask = { readonly [Field in keyof ReturnType<typeof allSchemes>["shape"]]?: true };

function schemaOf(schemes: readonly SignatureScheme[], options: readonly (keyof SignatureOptions)[]) {
  const fields: FieldMask = Object.fromEntries(options.map((option) => [FIELD_OF[option], true]));
  const hasSecret = schemes.every((scheme) => INBOUND_SCHEMES[scheme].secret !== null);
  const picked = z.pick(allSchemes(schemes.every(learnsSecret) ? learnedSecret : signatureSecret), {
    type: true,
    scheme: true,
    ...(hasSecret ? { secret: true } : {}),
    ...fields,
  });
  return z.extend(picked, { scheme: z.enum(schemes) });
}

const schemesWithOptions = SIGNATURE_SCHEMES.flatMap((scheme) => {
  const { options } = INBOUND_SCHEMES[scheme];
  return options === null ? [] : [{ scheme, takes: options.takes }];
});

const signature = z.discriminatedUnion(
  "scheme",
  [schemaOf(PLAIN_SCHEMES, []), ...schemesWithOptions.map(({ scheme, takes }) => schemaOf([scheme], takes))],
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
    z.strictObject({
      ...shownSignature,
      scheme: z.string().check(z.describe(`One of ${SIGNATURE_SCHEMES.join(", ")}.`)),
      ...z.partial(z.omit(z.object(shownHmac), { scheme: true })).shape,
      timestamp_header: z.optional(z.nullable(z.string())),
      id_header: z.optional(z.nullable(z.string())),
      signature_field: z.optional(z.nullable(z.string())),
      timestamp_field: z.optional(z.nullable(z.string())),
      issuer: z.optional(z.string()),
      audience: z.optional(z.nullable(z.string())),
      email: z.optional(z.string()),
      topic_arn: z.optional(z.nullable(z.string())),
      secret_encoding: z.optional(z.enum(SECRET_ENCODINGS)),
      idempotent: z.optional(z.boolean()),
      verify_token: secret,
    }),
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
