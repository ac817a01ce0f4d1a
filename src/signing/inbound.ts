import type { SignatureSettings } from "../model/integration-auth.ts";
import { isJsonObject } from "../model/json.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { type Claim, type SignatureFault, type SignedHead, isFresh, readHeader } from "./claim.ts";
import { readDiscord } from "./schemes/discord.ts";
import { readHmacHeader } from "./schemes/hmac-header.ts";
import { utf8 } from "./hmac.ts";
import { type VerifyingKey, isSignedBy } from "./keys.ts";
import { readStandardWebhooks } from "./schemes/standard-webhooks.ts";
import { readStripe } from "./schemes/stripe.ts";
import { readTwilio } from "./schemes/twilio.ts";
import { VENDOR_FORMATS, grafanaFormat } from "./schemes/vendors.ts";

function readGitlab(headers: Headers): Result<Claim, SignatureFault> {
  const token = readHeader(headers, "x-gitlab-token");
  return token.ok ? ok({ signatures: [utf8(token.value)], signed_at_ms: null, covers: null }) : token;
}

function linearTime(body: Uint8Array): number | null {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
    const time = isJsonObject(parsed) ? parsed["webhookTimestamp"] : null;
    return typeof time === "number" && Number.isFinite(time) ? time : null;
  } catch {
    return null;
  }
}

function readClaim(
  settings: SignatureSettings,
  head: SignedHead,
  keys: readonly VerifyingKey[],
): Result<Claim, SignatureFault> {
  const { headers } = head;
  switch (settings.scheme) {
    case "standard-webhooks":
      return readStandardWebhooks(
        headers,
        keys.map(({ kind }) => (kind === "ed25519" ? "v1a" : "v1")),
      );
    case "stripe":
      return readStripe(headers);
    case "twilio":
      return readTwilio(head);
    case "discord":
      return readDiscord(headers);
    case "gitlab":
      return readGitlab(headers);
    case "linear": {
      const claim = readHmacHeader(headers, VENDOR_FORMATS.linear);
      return claim.ok ? ok({ ...claim.value, time_in_body: linearTime }) : claim;
    }
    case "github":
    case "slack":
    case "shopify":
    case "pagerduty":
    case "sentry":
    case "zoom":
    case "meta":
      return readHmacHeader(headers, VENDOR_FORMATS[settings.scheme]);
    case "grafana":
      return readHmacHeader(headers, grafanaFormat(settings.header, settings.timestamp_header));
    case "hmac":
      return readHmacHeader(headers, settings);
  }
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
 * Checks a request's signature and gives the key that made it. The body is read only once the headers hold what the scheme
 * wants and are not out of date; whatever reading it fails with is passed on.
 */
export async function verifySignature<Fault>(
  settings: SignatureSettings,
  keys: readonly VerifyingKey[],
  head: SignedHead,
  readBody: BodyReader<Fault>,
  nowMs: number,
): Promise<Result<VerifyingKey, SignatureFault | Fault>> {
  const claim = readClaim(settings, head, keys);
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
