import type { SignatureSettings } from "../model/integration-auth.ts";
import { fail, ok } from "../model/result.ts";
import { type SignatureFault, type SignedHead, isFresh, isValidAt } from "./claim.ts";
import { type KeyFinder, claimOf, keysFor } from "./inbound.ts";
import { type VerifyingKey, isSignedBy } from "./keys.ts";
import { inboundScheme } from "./schemes/registry.ts";

/** Why a signature is accepted or refused, for the owner of an integration. It has no secret and no expected signature in it. */
export type Explanation = {
  /** Null if the signature is accepted. */
  readonly fault: SignatureFault | null;
  /** The headers that the scheme needs and the request lacks. */
  readonly absent: readonly string[];
  /** When the request was signed, in ms since 1970; null if that is not known. */
  readonly signed_at_ms: number | null;
  /** Whether one of the signatures was made with one of the keys over one of the messages; null if none could be read. */
  readonly matches: boolean | null;
  /** What must have been signed: the message that was, if `matches`, or else each message that would be accepted. */
  readonly messages: readonly Uint8Array[];
};

/** Headers that record which names were asked for. */
class WatchedHeaders extends Headers {
  readonly asked = new Set<string>();

  override get(name: string): string | null {
    this.asked.add(name.toLowerCase());
    return super.get(name);
  }

  override has(name: string): boolean {
    this.asked.add(name.toLowerCase());
    return super.has(name);
  }

  absent(): readonly string[] {
    return [...this.asked].filter((name) => (super.get(name)?.trim() ?? "") === "" && !name.startsWith("x-forwarded-"));
  }
}

/** Explains the check of a request's signature. It goes on where `verifySignature` stops, to find everything that is wrong. */
export async function explainSignature(
  settings: SignatureSettings,
  keys: readonly VerifyingKey[],
  head: SignedHead,
  body: Uint8Array,
  nowMs: number,
  findKey: KeyFinder<unknown> = () => Promise.resolve(ok(null)),
): Promise<Explanation> {
  const headers = new WatchedHeaders(head.headers);
  const scheme = inboundScheme(settings.scheme);
  const reading = scheme?.read({ method: head.method, url: head.url, headers }, settings, keys) ?? fail("malformed");
  const claim = reading.ok ? await claimOf<never>(reading.value, () => Promise.resolve(ok(body))) : reading;
  const nothing = { absent: [], signed_at_ms: null, matches: null, messages: [] } as const;
  if (!claim.ok) return { ...nothing, fault: claim.error, absent: claim.error === "missing" ? headers.absent() : [] };
  const { signatures, covers, time_in_body } = claim.value;
  const messages = covers === null ? [new Uint8Array(0)] : await covers(body);
  const inForce = await keysFor(claim.value, keys, findKey);
  const signed = await firstSigned(inForce.ok ? inForce.value : [], signatures, messages);
  const bodyTime = time_in_body?.(body);
  const signed_at_ms = claim.value.signed_at_ms ?? bodyTime ?? null;
  const facts = {
    ...nothing,
    signed_at_ms,
    matches: signed !== null,
    messages: covers === null ? [] : signed === null ? messages : [signed],
  };
  const isExpired = claim.value.valid !== undefined && !isValidAt(claim.value.valid, nowMs);
  return { ...facts, fault: isExpired ? "stale" : faultOf(claim.value.signed_at_ms, bodyTime, signed !== null, nowMs) };
}

/** Returns the fault that `verifySignature` finds first. A time in the body counts only once the body is known to be signed. */
function faultOf(
  headTime: number | null,
  bodyTime: number | null | undefined,
  matches: boolean,
  nowMs: number,
): SignatureFault | null {
  if (headTime !== null && !isFresh(headTime, nowMs)) return "stale";
  if (!matches) return "mismatch";
  if (bodyTime === null) return "malformed";
  return bodyTime === undefined || isFresh(bodyTime, nowMs) ? null : "stale";
}

async function firstSigned(
  keys: readonly VerifyingKey[],
  signatures: readonly Uint8Array[],
  messages: readonly Uint8Array[],
): Promise<Uint8Array | null> {
  for (const message of messages) {
    for (const key of keys) if (await isSignedBy(key, signatures, message)) return message;
  }
  return null;
}
