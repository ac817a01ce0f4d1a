import type { Rfc9421Algorithm } from "../../model/destination.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type Component, contentDigest, signComponents } from "../http-message.ts";
import type { SigningKey } from "../signing-key.ts";
import { openWebhookSecret } from "../standard-webhooks.ts";
import type { KeySource, OutboundScheme, Signable, SignatureHeaders } from "./scheme.ts";

const KEY_SOURCES = {
  ed25519: { kind: "gateway" },
  "hmac-sha256": { kind: "secrets", form: "whsec", open: openWebhookSecret },
} as const satisfies Record<Rfc9421Algorithm, KeySource>;

// The fragment of a URL is not sent, so that it is not part of the target.
function targetOf(url: URL): string {
  const target = new URL(url);
  target.hash = "";
  return target.href;
}

async function sign(
  alg: Rfc9421Algorithm,
  keys: readonly SigningKey[],
  request: Signable,
): Promise<Result<SignatureHeaders, string>> {
  const created = Math.floor(request.now_ms / 1_000);
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
    if (!signed.ok) return fail(`The request's ${signed.error} contains characters that RFC 9421 cannot sign.`);
    inputs.push(`sig${index + 1}=${signed.value.input}`);
    signatures.push(`sig${index + 1}=${signed.value.signature}`);
  }
  return ok({
    "content-digest": digest,
    "signature-input": inputs.join(", "),
    signature: signatures.join(", "),
  });
}

/** HTTP Message Signatures (RFC 9421) over method, address, content type, body, id and time. */
export function rfc9421({ algorithm }: { readonly algorithm: Rfc9421Algorithm }): OutboundScheme {
  return { key_source: KEY_SOURCES[algorithm], sign: (keys, request) => sign(algorithm, keys, request) };
}
