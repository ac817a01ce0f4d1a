import { type KeyRing, generateSecret } from "../../crypto/key-ring.ts";
import type { IntegrationAuth, SignatureOptions, SignatureSettings } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { INBOUND_SCHEMES, learnsSecret } from "../../signing/schemes/registry.ts";
import type { GivenSignature, ResolvedAuth, RevealedCredentials } from "./auth-fields.ts";
import { resolveSignatureSecret } from "./signature-secret.ts";

type SignatureAuth = Extract<IntegrationAuth, { type: "signature" }>;
type Resolved = Result<
  { readonly settings: SignatureSettings; readonly revealed: RevealedCredentials },
  readonly FieldError[]
>;

function storedOptions(stored: IntegrationAuth, scheme: string): SignatureOptions {
  if (stored.type !== "signature" || stored.scheme !== scheme) return {};
  const { type: _type, scheme: _scheme, sealed_secret: _secret, previous: _previous, ...options } = stored;
  return options;
}

/** Returns a token that can be in a query as it is. */
function generateVerifyToken(): string {
  return generateSecret("tok_").replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The given options over the stored ones. A token that the sender must present is generated if there is none. */
async function resolveSettings(keys: KeyRing, given: GivenSignature, stored: IntegrationAuth): Promise<Resolved> {
  const { type: _type, scheme, secret: _secret, verify_token, ...givenOptions } = given;
  const { options } = INBOUND_SCHEMES[scheme];
  if (options === null) return ok({ settings: { scheme }, revealed: {} });
  const known = storedOptions(stored, scheme);
  const takesToken = options.takes.some((option) => option === "verify_token_hash");
  const isTokenNew = takesToken && (verify_token !== undefined || known.verify_token_hash === undefined);
  const token = isTokenNew ? (verify_token ?? generateVerifyToken()) : null;
  const completed = options.complete({
    ...known,
    ...givenOptions,
    ...(token === null ? {} : { verify_token_hash: await keys.hashToken(token) }),
  });
  if (!completed.ok) return fail(completed.error.map(({ path, message }) => ({ path: `auth.${path}`, message })));
  return ok({ settings: { scheme, ...completed.value }, revealed: token === null ? {} : { verify_token: token } });
}

/** The stored secret, if the request keeps it: it gives none and keeps the scheme. */
function keptSecret(given: GivenSignature, stored: IntegrationAuth): SignatureAuth | null {
  if (given.secret !== undefined || stored.type !== "signature" || stored.scheme !== given.scheme) return null;
  return stored;
}

export async function resolveSignature(
  keys: KeyRing,
  given: GivenSignature,
  stored: IntegrationAuth,
  integrationId: string,
): Promise<Result<ResolvedAuth, readonly FieldError[]>> {
  const resolved = await resolveSettings(keys, given, stored);
  if (!resolved.ok) return resolved;
  const { settings, revealed } = resolved.value;
  const known = keptSecret(given, stored);
  if (known !== null) {
    if ((known.secret_encoding ?? "text") !== (settings.secret_encoding ?? "text")) {
      return fail([{ path: "auth.secret", message: "is required: its notation changes" }]);
    }
    const { sealed_secret, previous } = known;
    return ok({ auth: { type: "signature", sealed_secret, ...(previous ? { previous } : {}), ...settings }, revealed });
  }
  // Null ends a learned secret, so that the next handshake brings another.
  const isLearnedLater = learnsSecret(given.scheme) && (given.secret ?? null) === null;
  if (INBOUND_SCHEMES[given.scheme].secret === null || isLearnedLater) {
    return ok({ auth: { type: "signature", sealed_secret: "", ...settings }, revealed });
  }
  const secret = await resolveSignatureSecret(settings, given.secret ?? undefined, "auth.secret");
  if (!secret.ok) return secret;
  const sealed_secret = await keys.seal(secret.value, integrationId);
  return ok({
    auth: { type: "signature", sealed_secret, ...settings },
    revealed: { ...revealed, secret: secret.value },
  });
}
