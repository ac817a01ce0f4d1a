import { generateSecret } from "../../crypto/key-ring.ts";
import type { SignatureSettings } from "../../model/integration-auth.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { openSecret } from "../../signing/inbound.ts";
import { inboundScheme } from "../../signing/schemes/registry.ts";

/** A secret that can verify signatures of a scheme: the given one, or a generated one if the sender accepts one. */
export async function resolveSignatureSecret(
  settings: SignatureSettings,
  given: string | undefined,
  path: string,
): Promise<Result<string, readonly FieldError[]>> {
  const kind = inboundScheme(settings.scheme)?.secret;
  if (given === undefined) {
    const { secret_encoding = "text" } = settings;
    if (secret_encoding !== "text") return fail([{ path, message: `is required: it must be ${secret_encoding}` }]);
    const prefix = kind?.generated_prefix ?? null;
    if (prefix !== null) return ok(generateSecret(prefix));
    return fail([{ path, message: "is required: this vendor makes the secret itself" }]);
  }
  const key = await openSecret(settings, given);
  if (key !== null) return ok(given);
  return fail([{ path, message: kind?.form ?? "is not a secret of this scheme" }]);
}
