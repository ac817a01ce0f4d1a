import type { Signing } from "../model/destination.ts";
import { type Result, ok } from "../model/result.ts";
import { outboundScheme } from "./schemes/registry.ts";
import type { KeySource, Signable, SignatureHeaders } from "./schemes/scheme.ts";
import type { SigningKey } from "./signing-key.ts";

/** Returns what signs the requests of a destination. */
export function keySourceOf(signing: Signing): KeySource {
  return outboundScheme(signing).key_source;
}

/** Returns the key that signs; null if the text is not a secret of this scheme, or the scheme has no secret. */
export async function openSigningSecret(signing: Signing, secret: string): Promise<SigningKey | null> {
  const source = keySourceOf(signing);
  return source.kind === "secrets" ? await source.open(secret) : null;
}

/**
 * Returns the headers of a signed request, `webhook-id` and `webhook-timestamp` always included. The error is for the
 * log.
 */
export async function signRequest(
  signing: Signing,
  keys: readonly SigningKey[],
  request: Signable,
): Promise<Result<SignatureHeaders, string>> {
  const signed = await outboundScheme(signing).sign(keys, request);
  if (!signed.ok) return signed;
  const timestamp = String(Math.floor(request.now_ms / 1_000));
  return ok({ ...signed.value, "webhook-id": request.id, "webhook-timestamp": timestamp });
}
