import type { HmacSigning, Rfc9421Algorithm, Signing } from "../model/destination.ts";
import { type Result, fail, ok } from "../model/result.ts";
import { writeHmacHeader } from "./schemes/hmac-header.ts";
import { utf8 } from "./hmac.ts";
import { type Component, contentDigest, signComponents } from "./schemes/http-message.ts";
import { type SigningKey, hmacSigningKey, signBytes } from "./signing-key.ts";
import { secretBytes, signedHeaders } from "./schemes/standard-webhooks.ts";
import { renderSigned } from "./template.ts";

/** A request that is to be signed, as it is going to be sent. `now_ms` is the time of this attempt. */
export type Signable = {
  readonly id: string;
  readonly now_ms: number;
  readonly method: string;
  readonly url: URL;
  readonly content_type: string;
  readonly body: Uint8Array;
};

type SignatureHeaders = Readonly<Record<string, string>>;

/** What makes a destination's signatures: secrets of its own, the gateway's key, or nothing. */
export function keySourceOf(signing: Signing): "secrets" | "gateway" | "nothing" {
  switch (signing.scheme) {
    case "standard-webhooks":
    case "hmac":
      return "secrets";
    case "standard-webhooks-ed25519":
      return "gateway";
    case "rfc9421":
      return signing.algorithm === "ed25519" ? "gateway" : "secrets";
    case "none":
      return "nothing";
  }
}

/** The key that a scheme makes of a destination's secret; null where it is none of this scheme's. */
export async function openSigningSecret(signing: Signing, secret: string): Promise<SigningKey | null> {
  if (signing.scheme === "hmac") return await hmacSigningKey(signing.algorithm, utf8(secret));
  const bytes = secretBytes(secret);
  return bytes === null ? null : await hmacSigningKey("sha256", bytes);
}

async function signHmac(
  format: HmacSigning,
  keys: readonly SigningKey[],
  timestamp: string,
  { id, body }: Signable,
): Promise<SignatureHeaders> {
  const message = renderSigned(format.template, { id, timestamp, body });
  const signatures = await Promise.all(keys.map((key) => signBytes(key, message)));
  return { [format.header]: writeHmacHeader(signatures, format) };
}

// The target URI has no fragment: it is not sent.
function targetOf(url: URL): string {
  const target = new URL(url);
  target.hash = "";
  return target.href;
}

async function signHttpMessage(
  alg: Rfc9421Algorithm,
  keys: readonly SigningKey[],
  created: number,
  request: Signable,
): Promise<Result<SignatureHeaders, string>> {
  const digest = await contentDigest(request.body);
  const components: readonly Component[] = [
    { name: "@method", value: request.method },
    { name: "@target-uri", value: targetOf(request.url) },
    { name: "content-digest", value: digest },
    { name: "content-type", value: request.content_type },
    { name: "webhook-id", value: request.id },
    { name: "webhook-timestamp", value: String(created) },
  ];
  const inputs: string[] = [];
  const signatures: string[] = [];
  for (const [index, key] of keys.entries()) {
    const signed = await signComponents(key, components, { created, keyid: key.id, alg });
    if (!signed.ok) return fail(`The request's ${signed.error} holds characters that RFC 9421 cannot sign.`);
    inputs.push(`sig${index + 1}=${signed.value.input}`);
    signatures.push(`sig${index + 1}=${signed.value.signature}`);
  }
  return ok({
    "content-digest": digest,
    "signature-input": inputs.join(", "),
    signature: signatures.join(", "),
  });
}

/** The headers of a signed request: every key signs, so that a secret can be rotated. The error is for the log. */
export async function signRequest(
  signing: Signing,
  keys: readonly SigningKey[],
  request: Signable,
): Promise<Result<SignatureHeaders, string>> {
  const created = Math.floor(request.now_ms / 1_000);
  const timestamp = String(created);
  const always = { "webhook-id": request.id, "webhook-timestamp": timestamp };
  switch (signing.scheme) {
    case "standard-webhooks":
    case "standard-webhooks-ed25519":
      return ok(await signedHeaders(keys, request.id, created, request.body));
    case "rfc9421": {
      const headers = await signHttpMessage(signing.algorithm, keys, created, request);
      return headers.ok ? ok({ ...headers.value, ...always }) : headers;
    }
    case "hmac":
      return ok({ ...(await signHmac(signing, keys, timestamp, request)), ...always });
    case "none":
      return ok(always);
  }
}
