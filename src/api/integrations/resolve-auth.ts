import type { IntegrationAuth, SignatureScheme, SignatureSettings } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { type KeyRing, generateSecret } from "../../crypto/key-ring.ts";
import { openSecret } from "../../signing/keys.ts";
import { placesOf } from "../../signing/template.ts";
import type { GivenAuth, GivenSignature } from "./auth.ts";

const DEFAULT_TOKEN_HEADER = "pagertree-token";
const DEFAULT_GRAFANA_HEADER = "x-grafana-alerting-signature";
const DEFAULT_HMAC_HEADER = "x-signature";

type SignatureAuth = Extract<IntegrationAuth, { type: "signature" }>;
type Fault = { readonly ok: false; readonly error: readonly FieldError[] };

/** How an integration's senders are to prove themselves, and in the clear what is new of it: it is shown this once. */
export type SettledAuth = { readonly auth: IntegrationAuth; readonly revealed: Readonly<Record<string, string>> };

// Where the sender takes a secret that it is given, one can be made here; other vendors make it themselves.
const GENERATED_SECRETS = {
  "standard-webhooks": "whsec_",
  github: "sec_",
  gitlab: "sec_",
  grafana: "sec_",
  hmac: "sec_",
  stripe: null,
  slack: null,
  shopify: null,
  pagerduty: null,
  sentry: null,
  linear: null,
  twilio: null,
  discord: null,
  zoom: null,
  meta: null,
} as const satisfies Record<SignatureScheme, string | null>;

const SECRET_FORMS: Partial<Record<SignatureScheme, string>> = {
  "standard-webhooks":
    'has to be "whsec_" and the base64 of 24 to 64 bytes, or a public key: "whpk_" and the base64 of 32',
  discord: "has to be the application's public key: 64 hexadecimal digits",
};

function refuse(path: string, message: string): Fault {
  return fail([{ path, message }]);
}

/** A secret that can verify signatures of a scheme: the given one, or a new one where the scheme lets us choose. */
export async function settleSecret(
  settings: SignatureSettings,
  given: string | undefined,
  path: string,
): Promise<Result<string, readonly FieldError[]>> {
  const prefix = GENERATED_SECRETS[settings.scheme];
  if (given === undefined) {
    return prefix === null
      ? refuse(path, "is required: this vendor makes the secret itself")
      : ok(generateSecret(prefix));
  }
  const key = await openSecret(settings.scheme, settings.scheme === "hmac" ? settings.algorithm : null, given);
  return key === null ? refuse(path, SECRET_FORMS[settings.scheme] ?? "is not a secret of this scheme") : ok(given);
}

type Settings = { readonly settings: SignatureSettings; readonly revealed: Readonly<Record<string, string>> };

function settleHmac(
  given: Extract<GivenSignature, { scheme: "hmac" }>,
  stored: IntegrationAuth,
): Result<Settings, readonly FieldError[]> {
  const known = stored.type === "signature" && stored.scheme === "hmac" ? stored : null;
  const timestamp_header =
    given.timestamp_header === undefined ? (known?.timestamp_header ?? null) : given.timestamp_header;
  const id_header = given.id_header === undefined ? (known?.id_header ?? null) : given.id_header;
  const usual = timestamp_header === null ? "{{body}}" : "{{timestamp}}.{{body}}";
  const template = given.template ?? known?.template ?? usual;
  const places = placesOf(template) ?? [];
  const headers = { timestamp: timestamp_header, id: id_header } as const;
  const errors = (["timestamp", "id"] as const).flatMap((place): readonly FieldError[] => {
    const isNamed = headers[place] !== null;
    if (isNamed === places.includes(place)) return [];
    return isNamed
      ? [{ path: "auth.template", message: `has to hold {{${place}}}: what ${place}_header says has to be signed` }]
      : [{ path: `auth.${place}_header`, message: `is required: the template holds {{${place}}}` }];
  });
  if (errors.length > 0) return fail(errors);
  const settings: SignatureSettings = {
    scheme: "hmac",
    header: given.header ?? known?.header ?? DEFAULT_HMAC_HEADER,
    algorithm: given.algorithm ?? known?.algorithm ?? "sha256",
    encoding: given.encoding ?? known?.encoding ?? "hex",
    prefix: given.prefix ?? known?.prefix ?? "",
    timestamp_header,
    id_header,
    template,
  };
  return ok({ settings, revealed: {} });
}

async function settleSettings(
  keys: KeyRing,
  given: GivenSignature,
  stored: IntegrationAuth,
): Promise<Result<Settings, readonly FieldError[]>> {
  switch (given.scheme) {
    case "grafana": {
      const known = stored.type === "signature" && stored.scheme === "grafana" ? stored : null;
      const header = given.header ?? known?.header ?? DEFAULT_GRAFANA_HEADER;
      const timestamp_header =
        given.timestamp_header === undefined ? (known?.timestamp_header ?? null) : given.timestamp_header;
      return ok({ settings: { scheme: "grafana", header, timestamp_header }, revealed: {} });
    }
    case "meta": {
      const known = stored.type === "signature" && stored.scheme === "meta" ? stored.verify_token_hash : null;
      if (given.verify_token === undefined && known !== null) {
        return ok({ settings: { scheme: "meta", verify_token_hash: known }, revealed: {} });
      }
      const verify_token = given.verify_token ?? generateSecret("tok_");
      const verify_token_hash = await keys.hashToken(verify_token);
      return ok({ settings: { scheme: "meta", verify_token_hash }, revealed: { verify_token } });
    }
    case "hmac":
      return settleHmac(given, stored);
    case "standard-webhooks":
    case "github":
    case "stripe":
    case "slack":
    case "shopify":
    case "gitlab":
    case "pagerduty":
    case "sentry":
    case "linear":
    case "twilio":
    case "discord":
    case "zoom":
      return ok({ settings: { scheme: given.scheme }, revealed: {} });
  }
}

function keptSecret(given: GivenSignature, stored: IntegrationAuth): SignatureAuth | null {
  if (given.secret !== undefined || stored.type !== "signature" || stored.scheme !== given.scheme) return null;
  return stored;
}

async function settleSignature(
  keys: KeyRing,
  given: GivenSignature,
  stored: IntegrationAuth,
  integrationId: string,
): Promise<Result<SettledAuth, readonly FieldError[]>> {
  const settled = await settleSettings(keys, given, stored);
  if (!settled.ok) return settled;
  const { settings, revealed } = settled.value;
  const known = keptSecret(given, stored);
  if (known !== null) {
    const { sealed_secret, previous } = known;
    return ok({ auth: { type: "signature", sealed_secret, ...(previous ? { previous } : {}), ...settings }, revealed });
  }
  const secret = await settleSecret(settings, given.secret, "auth.secret");
  if (!secret.ok) return secret;
  const sealed_secret = await keys.seal(secret.value, integrationId);
  return ok({
    auth: { type: "signature", sealed_secret, ...settings },
    revealed: { ...revealed, secret: secret.value },
  });
}

async function settleBasic(
  keys: KeyRing,
  given: Extract<GivenAuth, { type: "basic" }>,
  stored: IntegrationAuth,
): Promise<Result<SettledAuth, readonly FieldError[]>> {
  const known = stored.type === "basic" ? stored : null;
  const username = given.username ?? known?.username;
  if (username === undefined) return refuse("auth.username", "is required");
  if (given.password === undefined && known !== null) return ok({ auth: { ...known, username }, revealed: {} });
  const password = given.password ?? generateSecret("pwd_");
  return ok({
    auth: { type: "basic", username, password_hash: await keys.hashToken(password) },
    revealed: { password },
  });
}

/** What a given `auth` comes to: a credential is made where there is none, and a stored one is kept where none is given. */
export async function settleAuth(
  keys: KeyRing,
  given: GivenAuth,
  stored: IntegrationAuth,
  integrationId: string,
): Promise<Result<SettledAuth, readonly FieldError[]>> {
  switch (given.type) {
    case "none":
      return ok({ auth: { type: "none" }, revealed: {} });
    case "token": {
      const known = stored.type === "token" ? stored : null;
      const header = given.header ?? known?.header ?? DEFAULT_TOKEN_HEADER;
      if (given.token === undefined && known !== null) return ok({ auth: { ...known, header }, revealed: {} });
      const token = given.token ?? generateSecret("tok_");
      return ok({ auth: { type: "token", header, token_hash: await keys.hashToken(token) }, revealed: { token } });
    }
    case "basic":
      return await settleBasic(keys, given, stored);
    case "bearer": {
      if (given.token === undefined && stored.type === "bearer") return ok({ auth: stored, revealed: {} });
      const token = given.token ?? generateSecret("tok_");
      return ok({ auth: { type: "bearer", token_hash: await keys.hashToken(token) }, revealed: { token } });
    }
    case "signature":
      return await settleSignature(keys, given, stored, integrationId);
  }
}
