import { type Envelope, parseEnvelope } from "./envelope.ts";
import { readHttpMessage } from "./http-message.ts";
import { type VerificationKey, importKeys, isSignedBy } from "./keys.ts";
import {
  type Checked,
  type Identity,
  type ReceivedRequest,
  type Refusal,
  bodyOf,
  judgeAge,
  readIdentity,
} from "./received.ts";
import { type Candidate, readHmac, readStandardWebhooks, signsTime } from "./schemes.ts";

export type VerifyOptions = {
  /** How far the request's time may be from now, in either direction. By default 300. */
  readonly tolerance_seconds?: number | undefined;
  /** The time in milliseconds since 1970. By default the platform's. */
  readonly now_ms?: number | undefined;
};

/** A request that the gateway signed. */
export type Verified = {
  readonly ok: true;
  /** The delivery's id, the same on every attempt. Keep the ids that you handled and drop repeats. */
  readonly id: string;
  /** When this attempt was made, in seconds since 1970. */
  readonly timestamp_seconds: number;
};

type Refused = { readonly ok: false; readonly error: Refusal };

const DEFAULT_TOLERANCE_SECONDS = 300;

async function readCandidates(
  received: ReceivedRequest,
  identity: Identity,
  key: VerificationKey,
): Promise<Checked<readonly Candidate[]>> {
  switch (key.scheme) {
    case "standard-webhooks":
      return readStandardWebhooks(received, identity, "v1");
    case "standard-webhooks-ed25519":
      return readStandardWebhooks(received, identity, "v1a");
    case "rfc9421":
      return await readHttpMessage(received);
    case "hmac":
      return readHmac(received, identity, key);
  }
}

/**
 * Verifies the signature and the time of a request from the gateway, for any payload mode. The given key determines the algorithm,
 * never the request. Does not reject for anything in the request.
 */
export async function verifySignature(
  received: ReceivedRequest,
  key: VerificationKey,
  options: VerifyOptions = {},
): Promise<Verified | Refused> {
  const keys = await importKeys(key);
  if (keys === null) return { ok: false, error: { reason: "invalid_key" } };
  const identity = readIdentity(received);
  if (!identity.ok) return identity;
  const { id, timestamp } = identity.value;
  const { now_ms = Date.now(), tolerance_seconds = DEFAULT_TOLERANCE_SECONDS } = options;
  const age = key.scheme === "hmac" && !signsTime(key) ? null : judgeAge(timestamp, now_ms, tolerance_seconds);
  if (age !== null) return { ok: false, error: age };
  const candidates = await readCandidates(received, identity.value, key);
  if (!candidates.ok) return candidates;
  for (const { signature, message } of candidates.value) {
    if (await isSignedBy(keys, signature, message)) return { ok: true, id, timestamp_seconds: Number(timestamp) };
  }
  return { ok: false, error: { reason: "no_matching_signature" } };
}

/** Verifies a request from the gateway and returns its body as an envelope, the default payload of a destination. */
export async function verify(
  received: ReceivedRequest,
  key: VerificationKey,
  options: VerifyOptions = {},
): Promise<(Verified & { readonly envelope: Envelope }) | Refused> {
  const verified = await verifySignature(received, key, options);
  if (!verified.ok) return verified;
  const envelope = parseEnvelope(bodyOf(received));
  return envelope === null ? { ok: false, error: { reason: "not_an_envelope" } } : { ...verified, envelope };
}
