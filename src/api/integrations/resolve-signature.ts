import { type KeyRing, generateSecret } from "../../crypto/key-ring.ts";
import type { IntegrationAuth, SignatureSettings } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { placesOf } from "../../signing/template.ts";
import type { GivenSignature, ResolvedAuth, RevealedCredentials } from "./auth-fields.ts";
import { resolveSignatureSecret } from "./signature-secret.ts";

const DEFAULT_GRAFANA_HEADER = "x-grafana-alerting-signature";
const DEFAULT_HMAC_HEADER = "x-signature";

type SignatureAuth = Extract<IntegrationAuth, { type: "signature" }>;
type Resolved = Result<
  { readonly settings: SignatureSettings; readonly revealed: RevealedCredentials },
  readonly FieldError[]
>;

/** The stored settings of the same scheme; null if there are none. */
function storedSettings<Scheme extends GivenSignature["scheme"]>(
  stored: IntegrationAuth,
  scheme: Scheme,
): Extract<SignatureAuth, { scheme: Scheme }> | null {
  const isSame = (auth: IntegrationAuth): auth is Extract<SignatureAuth, { scheme: Scheme }> =>
    auth.type === "signature" && auth.scheme === scheme;
  return isSame(stored) ? stored : null;
}

function givenOrStored(given: string | null | undefined, stored: string | null | undefined): string | null {
  return given === undefined ? (stored ?? null) : given;
}

/** The template must contain the placeholder of each named header, and no placeholder without its header. */
function templateErrors(
  template: string,
  headers: Readonly<Record<"timestamp" | "id", string | null>>,
): readonly FieldError[] {
  const placeholders = placesOf(template) ?? [];
  return (["timestamp", "id"] as const).flatMap((placeholder): readonly FieldError[] => {
    const isNamed = headers[placeholder] !== null;
    if (isNamed === placeholders.includes(placeholder)) return [];
    return isNamed
      ? [
          {
            path: "auth.template",
            message: `must contain {{${placeholder}}}: the value of ${placeholder}_header must be signed`,
          },
        ]
      : [{ path: `auth.${placeholder}_header`, message: `is required: the template contains {{${placeholder}}}` }];
  });
}

function resolveHmac(given: Extract<GivenSignature, { scheme: "hmac" }>, stored: IntegrationAuth): Resolved {
  const known = storedSettings(stored, "hmac");
  const timestamp_header = givenOrStored(given.timestamp_header, known?.timestamp_header);
  const id_header = givenOrStored(given.id_header, known?.id_header);
  const usual = timestamp_header === null ? "{{body}}" : "{{timestamp}}.{{body}}";
  const template = given.template ?? known?.template ?? usual;
  const errors = templateErrors(template, { timestamp: timestamp_header, id: id_header });
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

async function resolveSettings(keys: KeyRing, given: GivenSignature, stored: IntegrationAuth): Promise<Resolved> {
  switch (given.scheme) {
    case "grafana": {
      const known = storedSettings(stored, "grafana");
      const header = given.header ?? known?.header ?? DEFAULT_GRAFANA_HEADER;
      const timestamp_header = givenOrStored(given.timestamp_header, known?.timestamp_header);
      return ok({ settings: { scheme: "grafana", header, timestamp_header }, revealed: {} });
    }
    case "meta": {
      const known = storedSettings(stored, "meta")?.verify_token_hash;
      if (given.verify_token === undefined && known !== undefined) {
        return ok({ settings: { scheme: "meta", verify_token_hash: known }, revealed: {} });
      }
      const verify_token = given.verify_token ?? generateSecret("tok_");
      const verify_token_hash = await keys.hashToken(verify_token);
      return ok({ settings: { scheme: "meta", verify_token_hash }, revealed: { verify_token } });
    }
    case "hmac":
      return resolveHmac(given, stored);
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

/** The stored secret, if the request keeps it: it gives none and keeps the scheme. */
function keptSecret(given: GivenSignature, stored: IntegrationAuth): SignatureAuth | null {
  return given.secret === undefined ? storedSettings(stored, given.scheme) : null;
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
    const { sealed_secret, previous } = known;
    return ok({ auth: { type: "signature", sealed_secret, ...(previous ? { previous } : {}), ...settings }, revealed });
  }
  const secret = await resolveSignatureSecret(settings, given.secret, "auth.secret");
  if (!secret.ok) return secret;
  const sealed_secret = await keys.seal(secret.value, integrationId);
  return ok({
    auth: { type: "signature", sealed_secret, ...settings },
    revealed: { ...revealed, secret: secret.value },
  });
}
