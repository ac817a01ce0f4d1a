import * as z from "zod/mini";
import { CLIENT_AUTHS, type Destination, type OAuth } from "../../model/destination.ts";
import type { PrimaryDatabase } from "../../platform/shards.ts";
import { type TokenState, readTokenStates } from "../../storage/destinations/oauth-tokens.ts";
import type { Shown } from "../endpoint.ts";
import { plainText } from "../fields.ts";
import { answerSchema, documentedWith, requestSchema, time } from "../schema.ts";

const printable = z.string().check(z.regex(/^[\x20-\x7e]{1,2048}$/, "must be 1 to 2048 printable ASCII characters"));
const scope = z.pipe(
  z._default(
    z.nullable(
      z
        .string()
        .check(
          z.regex(
            /^(?:[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*)?$/,
            "must be words of printable ASCII, separated by a space",
          ),
          z.maxLength(2_000),
        ),
    ),
    null,
  ),
  z.transform((given) => (given === "" ? null : given)),
);

const LABEL = /^[a-z0-9-]+$/;
const LABEL_WORDS = "lower-case letters, digits and hyphens";

/** A part of the scope of an AWS signature. */
function awsName(max: number, pattern: RegExp, words: string) {
  return z.string().check(z.minLength(1), z.maxLength(max), z.regex(pattern, `must be ${words}`));
}

function credential(max: number) {
  const words = `must be 1 to ${max} printable ASCII characters without spaces`;
  return z.string().check(z.regex(new RegExp(`^[\\x21-\\x7e]{1,${max}}$`), words));
}

const client = {
  token_url: z.string(),
  client_id: printable,
  client_auth: z._default(z.enum(CLIENT_AUTHS), "basic"),
  scope,
};

/** `auth` in a request: how the gateway authenticates to a destination. A stored secret may be omitted. */
export const acceptedAuth = requestSchema(
  "DestinationAuthInput",
  documentedWith(
    z.discriminatedUnion(
      "type",
      [
        z.strictObject({ type: z.literal("none") }),
        z.strictObject({
          type: z.literal("basic"),
          username: plainText(500).check(z.refine((text) => !text.includes(":"), "must not contain a colon")),
          password: z.optional(plainText(1_024)),
        }),
        z.strictObject({
          type: z.literal("bearer"),
          token: z.optional(credential(8_192)),
        }),
        z.strictObject({
          type: z.literal("aws_sigv4"),
          access_key_id: awsName(
            128,
            /^[\x21-\x2b\x2d\x2e\x30-\x3c\x3e-\x7e]+$/,
            "printable ASCII without spaces, commas, slashes and equals signs",
          ),
          region: z._default(awsName(50, LABEL, LABEL_WORDS), "us-east-1"),
          service: z._default(z.nullable(awsName(50, LABEL, LABEL_WORDS)), null),
          secret_access_key: z.optional(credential(256)),
          session_token: z.optional(z.nullable(credential(4_096))),
        }),
        z.strictObject({
          type: z.literal("oauth2_client_credentials"),
          ...client,
          client_secret: z.optional(printable),
        }),
        z.strictObject({
          type: z.literal("oauth2_authorization_code"),
          ...client,
          auth_url: z.string(),
          client_secret: z.optional(z.nullable(printable)),
        }),
      ],
      {
        error:
          'must be "none", "basic", "bearer", "aws_sigv4", "oauth2_client_credentials" or "oauth2_authorization_code"',
      },
    ),
    { description: "Secrets that a change omits keep their values." },
  ),
);
export type GivenAuth = z.output<typeof acceptedAuth>;

const shownClient = {
  token_url: z.url(),
  client_id: z.string(),
  client_auth: z.enum(CLIENT_AUTHS),
  scope: z.nullable(z.string()),
  connected: z.boolean().check(z.describe("Whether the gateway has a valid token, or can renew it.")),
  token_expires_at: z.nullable(time),
};

/** `auth` as the API shows it. */
export const shownAuth = answerSchema(
  "DestinationAuth",
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({ type: z.literal("basic"), username: z.string() }),
    z.strictObject({ type: z.literal("bearer") }),
    z.strictObject({
      type: z.literal("aws_sigv4"),
      access_key_id: z.string(),
      region: z.string(),
      service: z.nullable(z.string()).check(z.describe("Null for the service of the destination's type.")),
      has_session_token: z.boolean(),
    }),
    z.strictObject({ type: z.literal("oauth2_client_credentials"), ...shownClient }),
    z.strictObject({ type: z.literal("oauth2_authorization_code"), auth_url: z.url(), ...shownClient }),
  ]),
);

/** The tokens of destinations, by destination. */
export type TokenStates = ReadonlyMap<string, TokenState>;

/** Reads the token states of destinations. Only destinations that use OAuth cost a query. */
export async function tokenStatesOf(db: PrimaryDatabase, destinations: readonly Destination[]): Promise<TokenStates> {
  const using = destinations.filter(({ auth: { type } }) => type.startsWith("oauth2_"));
  return await readTokenStates(
    db,
    using.map(({ id }) => id),
  );
}

function viewToken(state: TokenState | undefined, nowMs: number) {
  const { expires_at = null, renewable = false } = state ?? {};
  const connected = state !== undefined && (renewable || expires_at === null || expires_at > nowMs);
  return { connected, token_expires_at: expires_at === null ? null : new Date(expires_at).toISOString() };
}

function viewClient({ token_url, client_id, client_auth, scope: requested }: OAuth) {
  return { token_url, client_id, client_auth, scope: requested };
}

/** Shows `auth` without secrets. */
export function viewAuth(
  { id, auth }: Pick<Destination, "id" | "auth">,
  tokens: TokenStates,
  nowMs: number,
): Shown<typeof shownAuth> {
  switch (auth.type) {
    case "none":
    case "bearer":
      return { type: auth.type };
    case "basic":
      return { type: auth.type, username: auth.username };
    case "aws_sigv4": {
      const { type, access_key_id, region, service, sealed_session_token } = auth;
      return { type, access_key_id, region, service, has_session_token: sealed_session_token !== null };
    }
    case "oauth2_client_credentials":
      return { type: auth.type, ...viewClient(auth), ...viewToken(tokens.get(id), nowMs) };
    case "oauth2_authorization_code":
      return { type: auth.type, auth_url: auth.auth_url, ...viewClient(auth), ...viewToken(tokens.get(id), nowMs) };
  }
}
