import type { SignatureSettings } from "../model/integration-auth.ts";
import { type Result, fail, ok } from "../model/result.ts";
import {
  type Claim,
  type KeyReference,
  type Reading,
  type RepeatMark,
  type SignatureFault,
  type SignedHead,
  isFresh,
  isValidAt,
} from "./claim.ts";
import { type VerifyingKey, isSignedBy } from "./keys.ts";
import { inboundScheme } from "./schemes/registry.ts";

/** Returns the key that checks signatures; null if the text is not a secret of this scheme. */
export async function openSecret(settings: SignatureSettings, secret: string): Promise<VerifyingKey | null> {
  return (await inboundScheme(settings.scheme)?.secret?.open(secret, settings)) ?? null;
}

/** What is the same in every repeat of a signed request, and cannot be changed without the key. */
export type SignedIdentity =
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "digest"; readonly digest: string };

/** A request whose signature is right. `identity` is null if nothing that is signed tells two requests apart. */
export type Verified = { readonly signed_by: VerifyingKey; readonly identity: SignedIdentity | null };

type SignedMessage = { readonly signed_by: VerifyingKey; readonly message: Uint8Array };

async function findSigned(
  keys: readonly VerifyingKey[],
  claim: Claim,
  messages: readonly Uint8Array[],
): Promise<SignedMessage | null> {
  for (const key of keys) {
    for (const message of messages) {
      if (await isSignedBy(key, claim.signatures, message)) return { signed_by: key, message };
    }
  }
  return null;
}

// The digest is of the signed message and not of the signature: a message can have several valid signatures, one for each
// secret in force, and a sender of repeats could choose among them.
async function identityOf(mark: RepeatMark, message: Uint8Array): Promise<SignedIdentity | null> {
  switch (mark.kind) {
    case "id":
      return mark;
    case "message": {
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", message));
      return { kind: "digest", digest: digest.toHex() };
    }
    case "none":
      return null;
  }
}

type BodyReader<Fault> = () => Promise<Result<Uint8Array, Fault>>;

/** Returns what a request claims, from its body if its headers do not say it. */
export async function claimOf<Fault>(
  reading: Reading,
  readBody: BodyReader<Fault>,
): Promise<Result<Claim, SignatureFault | Fault>> {
  if (!("in_body" in reading)) return ok(reading);
  const body = await readBody();
  return body.ok ? await reading.in_body(body.value) : body;
}

/** Finds a published key. The key is null if its owner does not have it. */
export type KeyFinder<Fault> = (reference: KeyReference) => Promise<Result<VerifyingKey | null, Fault>>;

/** Returns the keys that may have made a signature: the published one that the claim names, or the shared ones. */
export async function keysFor<Fault>(
  { key }: Claim,
  shared: readonly VerifyingKey[],
  findKey: KeyFinder<Fault>,
): Promise<Result<readonly VerifyingKey[], Fault>> {
  if (key === undefined) return ok(shared);
  const found = await findKey(key);
  return found.ok ? ok(found.value === null ? [] : [found.value]) : found;
}

/**
 * Checks a request's signature. Returns the key that made it, and what identifies the request. The body is read only after the headers have passed; an
 * error of `readBody` is returned unchanged.
 */
export async function verifySignature<Fault>(
  settings: SignatureSettings,
  keys: readonly VerifyingKey[],
  head: SignedHead,
  readBody: BodyReader<Fault>,
  nowMs: number,
  findKey: KeyFinder<Fault> = () => Promise.resolve(ok(null)),
): Promise<Result<Verified, SignatureFault | Fault>> {
  const reading = inboundScheme(settings.scheme)?.read(head, settings, keys) ?? fail("malformed" as const);
  if (!reading.ok) return reading;
  const claim = await claimOf(reading.value, readBody);
  if (!claim.ok) return claim;
  const { signed_at_ms, covers, time_in_body, repeat_mark } = claim.value;
  if (signed_at_ms !== null && !isFresh(signed_at_ms, nowMs)) return fail("stale");
  if (claim.value.valid !== undefined && !isValidAt(claim.value.valid, nowMs)) return fail("stale");
  const body = covers === null ? ok(new Uint8Array(0)) : await readBody();
  if (!body.ok) return body;
  const messages = covers === null ? [body.value] : await covers(body.value);
  const inForce = await keysFor(claim.value, keys, findKey);
  if (!inForce.ok) return inForce;
  const signed = await findSigned(inForce.value, claim.value, messages);
  if (signed === null) return fail("mismatch");
  if (time_in_body !== undefined) {
    const ms = time_in_body(body.value);
    if (ms === null) return fail("malformed");
    if (!isFresh(ms, nowMs)) return fail("stale");
  }
  return ok({ signed_by: signed.signed_by, identity: await identityOf(repeat_mark, signed.message) });
}
