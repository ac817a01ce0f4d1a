import type { SignatureSettings } from "../model/integration-auth.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { type Claim, type SignatureFault, type SignedHead, isFresh } from "./claim.ts";
import { type VerifyingKey, isSignedBy } from "./keys.ts";
import { inboundScheme } from "./schemes/registry.ts";

/** Returns the key that checks signatures; null if the text is not a secret of this scheme. */
export async function openSecret(settings: SignatureSettings, secret: string): Promise<VerifyingKey | null> {
  return (await inboundScheme(settings.scheme)?.secret.open(secret, settings)) ?? null;
}

async function signerOf(
  keys: readonly VerifyingKey[],
  claim: Claim,
  messages: readonly Uint8Array[],
): Promise<VerifyingKey | null> {
  for (const key of keys) {
    for (const message of messages) {
      if (await isSignedBy(key, claim.signatures, message)) return key;
    }
  }
  return null;
}

type BodyReader<Fault> = () => Promise<Result<Uint8Array, Fault>>;

/**
 * Checks a request's signature and returns the key that made it. The body is read only after the headers have passed; an
 * error of `readBody` is returned unchanged.
 */
export async function verifySignature<Fault>(
  settings: SignatureSettings,
  keys: readonly VerifyingKey[],
  head: SignedHead,
  readBody: BodyReader<Fault>,
  nowMs: number,
): Promise<Result<VerifyingKey, SignatureFault | Fault>> {
  const claim = inboundScheme(settings.scheme)?.read(head, settings, keys) ?? fail("malformed" as const);
  if (!claim.ok) return claim;
  const { signed_at_ms, covers, time_in_body } = claim.value;
  if (signed_at_ms !== null && !isFresh(signed_at_ms, nowMs)) return fail("stale");
  const body = covers === null ? ok(new Uint8Array(0)) : await readBody();
  if (!body.ok) return body;
  const messages = covers === null ? [body.value] : await covers(body.value);
  const signer = await signerOf(keys, claim.value, messages);
  if (signer === null) return fail("mismatch");
  if (time_in_body !== undefined) {
    const ms = time_in_body(body.value);
    if (ms === null) return fail("malformed");
    if (!isFresh(ms, nowMs)) return fail("stale");
  }
  return ok(signer);
}
