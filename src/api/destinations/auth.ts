import * as z from "zod/mini";
import { checkUrl } from "../../net/url-guard.ts";
import { CLIENT_AUTHS, type Destination, type DestinationAuth, type OAuth } from "../../model/destination.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { type TokenState, readTokenStates } from "../../storage/destinations/oauth-tokens.ts";
import type { Call } from "../call.ts";
import { plainText } from "../fields.ts";

const printable = z.string().check(z.regex(/^[\x20-\x7e]{1,2048}$/, "has to be 1 to 2048 printable ASCII characters"));
const scope = z.pipe(
  z._default(
    z.nullable(
      z
        .string()
        .check(
          z.regex(
            /^(?:[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*)?$/,
            "has to be words of printable ASCII, separated by a space",
          ),
          z.maxLength(2_000),
        ),
    ),
    null,
  ),
  z.transform((given) => (given === "" ? null : given)),
);

const client = {
  token_url: z.string(),
  client_id: printable,
  client_auth: z._default(z.enum(CLIENT_AUTHS), "basic"),
  scope,
};

/** How the gateway is to prove itself to a destination, as it is given. A secret that is on record may be left out. */
export const auth = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("none") }),
    z.strictObject({
      type: z.literal("basic"),
      username: plainText(500).check(z.refine((text) => !text.includes(":"), "may not hold a colon")),
      password: z.optional(plainText(1_024)),
    }),
    z.strictObject({
      type: z.literal("bearer"),
      token: z.optional(
        z
          .string()
          .check(z.regex(/^[\x21-\x7e]{1,8192}$/, "has to be 1 to 8192 printable ASCII characters without spaces")),
      ),
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
    error: 'has to be "none", "basic", "bearer", "oauth2_client_credentials" or "oauth2_authorization_code"',
  },
);
export type GivenAuth = z.output<typeof auth>;

type Faults = readonly FieldError[];

/** The secret to store: the given one, sealed, or that on record. One that is given as it was is not sealed anew. */
async function settleSecret(
  call: Call,
  given: string | undefined,
  path: string,
  id: string,
  sealed: string | null,
): Promise<Result<string, Faults>> {
  const { keys } = call.context;
  if (given === undefined) return sealed === null ? fail([{ path, message: "is required" }]) : ok(sealed);
  const known = sealed === null ? null : await keys.unseal(sealed, id);
  return ok(sealed !== null && known?.ok === true && known.value === given ? sealed : await keys.seal(given, id));
}

function urlFaults(call: Call, path: string, url: string): Faults {
  const checked = checkUrl(url, {
    allowPrivate: call.context.settings.allow_private_destinations,
    ownHosts: [call.url.host],
  });
  if (!checked.ok) return [{ path, message: checked.error }];
  return url.includes("#") ? [{ path, message: "may not hold a fragment" }] : [];
}

function storedOf<Type extends DestinationAuth["type"]>(
  stored: Destination | null,
  type: Type,
): Extract<DestinationAuth, { type: Type }> | null {
  const isThat = (known: DestinationAuth): known is Extract<DestinationAuth, { type: Type }> => known.type === type;
  return stored !== null && isThat(stored.auth) ? stored.auth : null;
}

/** What is to be stored of a given `auth`; `stored` is the destination that is changed, null for a new one. */
export async function settleAuth(
  call: Call,
  given: GivenAuth,
  id: string,
  stored: Destination | null,
): Promise<Result<DestinationAuth, Faults>> {
  switch (given.type) {
    case "none":
      return ok({ type: "none" });
    case "basic": {
      const { type, username } = given;
      const before = storedOf(stored, type)?.sealed_password ?? null;
      const secret = await settleSecret(call, given.password, "auth.password", id, before);
      return secret.ok ? ok({ type, username, sealed_password: secret.value }) : secret;
    }
    case "bearer": {
      const { type } = given;
      const before = storedOf(stored, type)?.sealed_token ?? null;
      const secret = await settleSecret(call, given.token, "auth.token", id, before);
      return secret.ok ? ok({ type, sealed_token: secret.value }) : secret;
    }
    case "oauth2_client_credentials": {
      const { type, client_secret, ...rest } = given;
      const before = storedOf(stored, type)?.sealed_client_secret ?? null;
      const secret = await settleSecret(call, client_secret, "auth.client_secret", id, before);
      const faults = [...urlFaults(call, "auth.token_url", rest.token_url), ...(secret.ok ? [] : secret.error)];
      return faults.length === 0 && secret.ok
        ? ok({ type, ...rest, sealed_client_secret: secret.value })
        : fail(faults);
    }
    case "oauth2_authorization_code": {
      const { type, client_secret, ...rest } = given;
      const before = storedOf(stored, type)?.sealed_client_secret ?? null;
      const isPublic = client_secret === null || (client_secret === undefined && before === null);
      const secret = isPublic
        ? ok(null)
        : await settleSecret(call, client_secret ?? undefined, "auth.client_secret", id, before);
      const faults = [
        ...urlFaults(call, "auth.auth_url", rest.auth_url),
        ...urlFaults(call, "auth.token_url", rest.token_url),
        ...(secret.ok ? [] : secret.error),
      ];
      return faults.length === 0 && secret.ok
        ? ok({ type, ...rest, sealed_client_secret: secret.value })
        : fail(faults);
    }
  }
}

/** The tokens that destinations have. */
export type TokenStates = ReadonlyMap<string, TokenState>;

/** What is known of the tokens of some destinations; the database is asked only where one of them has tokens at all. */
export async function tokenStatesOf(call: Call, destinations: readonly Destination[]): Promise<TokenStates> {
  const using = destinations.filter(({ auth: { type } }) => type.startsWith("oauth2_"));
  return await readTokenStates(
    call.context.primary,
    using.map(({ id }) => id),
  );
}

function viewToken(state: TokenState | undefined): object {
  const { expires_at = null, renewable = false } = state ?? {};
  const isGood = state !== undefined && (renewable || expires_at === null || expires_at > Date.now());
  return { connected: isGood, token_expires_at: expires_at === null ? null : new Date(expires_at).toISOString() };
}

function viewClient({ token_url, client_id, client_auth, scope: wanted }: OAuth): object {
  return { token_url, client_id, client_auth, scope: wanted };
}

/** What the API shows of it: no secret. Without `tokens` nothing is said of whether there is a token. */
export function viewAuth({ id, auth: stored }: Pick<Destination, "id" | "auth">, tokens: TokenStates | null): object {
  const { type } = stored;
  const token = tokens === null ? {} : viewToken(tokens.get(id));
  switch (type) {
    case "none":
    case "bearer":
      return { type };
    case "basic":
      return { type, username: stored.username };
    case "oauth2_client_credentials":
      return { type, ...viewClient(stored), ...token };
    case "oauth2_authorization_code":
      return { type, auth_url: stored.auth_url, ...viewClient(stored), ...token };
  }
}
