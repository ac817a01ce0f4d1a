import type { SignatureSettings } from "../../model/integration-auth.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import { type Claim, type KeyReference, type SignatureFault, boundSignatures, parseTimestamp } from "../claim.ts";
import { decodeSignature, utf8 } from "../hmac.ts";
import type { InboundScheme } from "./scheme.ts";

/** The hosts of Amazon SNS, which have its certificates and confirm subscriptions. */
export const SNS_HOST = /^sns\.[a-z]{2}(?:-[a-z]+)+-\d{1,2}\.amazonaws\.com(?:\.cn)?$/;
const CERTIFICATE_PATH = /^\/SimpleNotificationService-[0-9a-f]{8,64}\.pem$/;
const MAX_URL = 256;
/** SNS sends a message again with the signature that it has, up to an hour later. */
const VALID_MS = 3_600_000;

const CONFIRMATION = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"] as const;
const SIGNED_MEMBERS = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: CONFIRMATION,
  UnsubscribeConfirmation: CONFIRMATION,
} as const;

const HASHES = { "1": "SHA-1", "2": "SHA-256" } as const;

function isOneOf<Name extends string>(names: Readonly<Record<Name, unknown>>, name: unknown): name is Name {
  return typeof name === "string" && Object.hasOwn(names, name);
}

/** Returns the text that SNS signs; null if a member of it is not a text. A notification may have no subject. */
function signedText(fields: JsonObject): string | null {
  const { Type: type } = fields;
  if (!isOneOf(SIGNED_MEMBERS, type)) return null;
  const lines: string[] = [];
  for (const name of SIGNED_MEMBERS[type]) {
    const value = fields[name];
    if (name === "Subject" && (value === undefined || value === null)) continue;
    if (typeof value !== "string") return null;
    lines.push(`${name}\n${value}\n`);
  }
  return lines.join("");
}

/** Returns the certificate that a message names; null if it is not one of SNS: another host's proves nothing. */
function certificateOf({ SigningCertURL: given, SignatureVersion: version }: JsonObject): KeyReference | null {
  if (typeof given !== "string" || given.length > MAX_URL || !isOneOf(HASHES, version)) return null;
  const url = URL.parse(given);
  if (url === null || !SNS_HOST.test(url.hostname) || !CERTIFICATE_PATH.test(url.pathname)) return null;
  // No credentials, port, query or fragment, and no other spelling.
  if (given !== `https://${url.hostname}${url.pathname}`) return null;
  return { kind: "certificate", url: given, hash: HASHES[version] };
}

function parse(body: Uint8Array): JsonObject | null {
  try {
    const json: unknown = JSON.parse(decodeUtf8(body) ?? "");
    return isJsonObject(json) ? json : null;
  } catch {
    return null;
  }
}

function claimOf(fields: JsonObject | null, topic: string | null): Result<Claim, SignatureFault> {
  const { Signature: signature, Timestamp: time, TopicArn: arn, MessageId: id } = fields ?? {};
  if (fields === null || signature === undefined) return fail("missing");
  const text = signedText(fields);
  const key = certificateOf(fields);
  const from_ms = typeof time === "string" ? parseTimestamp(time) : null;
  const signatures = boundSignatures([typeof signature === "string" ? decodeSignature(signature, "base64") : null]);
  if (!signatures.ok) return signatures;
  if (text === null || key === null || from_ms === null || typeof id !== "string") return fail("malformed");
  if (topic !== null && arn !== topic) return fail("mismatch");
  return ok({
    repeat_mark: { kind: "id", id },
    signatures: signatures.value,
    signed_at_ms: null,
    valid: { from_ms, until_ms: from_ms + VALID_MS },
    key,
    covers: () => [utf8(text)],
  });
}

/**
 * Amazon SNS signs the members of its message with the key of a certificate that the message names:
 * https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 */
export const sns = {
  secret: null,
  options: { takes: ["topic_arn"], complete: ({ topic_arn }) => ok({ topic_arn: topic_arn ?? null }) },
  read: (_head, settings: SignatureSettings) =>
    ok({ in_body: (body) => Promise.resolve(claimOf(parse(body), settings.topic_arn ?? null)) }),
} satisfies InboundScheme;
