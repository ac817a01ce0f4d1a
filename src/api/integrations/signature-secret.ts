import { generateSecret } from "../../crypto/key-ring.ts";
import type { SignatureScheme, SignatureSettings } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { openSecret } from "../../signing/keys.ts";

/** The prefix of generated secrets, for senders that accept a secret; null for vendors that make it themselves. */
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
    'must be "whsec_" and the base64 of 24 to 64 bytes, or a public key: "whpk_" and the base64 of 32',
  discord: "must be the application's public key: 64 hexadecimal digits",
};

/** A secret that can verify signatures of a scheme: the given one, or a generated one if the sender accepts one. */
export async function resolveSignatureSecret(
  settings: SignatureSettings,
  given: string | undefined,
  path: string,
): Promise<Result<string, readonly FieldError[]>> {
  const prefix = GENERATED_SECRETS[settings.scheme];
  if (given === undefined) {
    if (prefix !== null) return ok(generateSecret(prefix));
    return fail([{ path, message: "is required: this vendor makes the secret itself" }]);
  }
  const key = await openSecret(settings.scheme, settings.scheme === "hmac" ? settings.algorithm : null, given);
  if (key !== null) return ok(given);
  return fail([{ path, message: SECRET_FORMS[settings.scheme] ?? "is not a secret of this scheme" }]);
}
