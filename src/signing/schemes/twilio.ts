import { type Result, fail, ok } from "../../model/result.ts";
import { type Claim, type SignatureFault, type SignedHead, boundSignatures, readHeader } from "../claim.ts";
import { decodeSignature, joinBytes, utf8 } from "../hmac.ts";
import { textSecret } from "../secrets.ts";
import type { InboundScheme } from "./scheme.ts";

/**
 * Far more than Twilio sends. Sorting a larger form would cost an unauthenticated sender nothing and the gateway much.
 */
const MAX_FORM = 262_144;
const FORM = /^application\/x-www-form-urlencoded\b/i;

function withPort(url: URL, port: string): string {
  const { protocol, username, password, hostname, pathname, search } = url;
  const user = username === "" ? "" : `${username}${password === "" ? "" : `:${password}`}@`;
  return `${protocol}//${user}${hostname}${port === "" ? "" : `:${port}`}${pathname}${search}`;
}

/** Twilio signs the URL with or without the port. */
function spellingsOf(url: URL): readonly string[] {
  return [withPort(url, ""), withPort(url, url.port === "" ? (url.protocol === "http:" ? "80" : "443") : url.port)];
}

// Behind a proxy or a tunnel the request arrives under another host name than the one that Twilio called and signed. The
// proxy's headers can be trusted here: the path names this integration, so that Twilio signed for it on any host.
function publicUrls({ url, headers }: SignedHead): readonly URL[] {
  const protocol = headers.get("x-forwarded-proto");
  const host = headers.get("x-forwarded-host") ?? url.host;
  const forwarded = protocol === null ? null : URL.parse(`${protocol}://${host}${url.pathname}${url.search}`);
  return forwarded === null ? [url] : [url, forwarded];
}

function signedForm(text: string): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(text)) {
    const known = values.get(name);
    if (known === undefined) values.set(name, new Set([value]));
    else known.add(value);
  }
  const names = [...values.keys()].toSorted();
  return names.flatMap((name) => [...(values.get(name) ?? [])].toSorted().map((value) => name + value)).join("");
}

async function hasDigest(body: Uint8Array, expected: string): Promise<boolean> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", body)).toHex() === expected.toLowerCase();
}

function read(head: SignedHead): Result<Claim, SignatureFault> {
  const value = readHeader(head.headers, "x-twilio-signature");
  if (!value.ok) return value;
  const signatures = boundSignatures([decodeSignature(value.value, "base64")]);
  if (!signatures.ok) return fail(signatures.error);
  const urls = publicUrls(head).flatMap(spellingsOf);
  const isForm = FORM.test(head.headers.get("content-type") ?? "");
  const digest = head.url.searchParams.get("bodySHA256");

  async function covers(body: Uint8Array): Promise<readonly Uint8Array[]> {
    // The URL is signed and the content type is not, so that a digest in the URL decides.
    if (digest !== null) return (await hasDigest(body, digest)) ? urls.map(utf8) : [];
    if (body.byteLength === 0) return urls.map(utf8);
    if (!isForm || body.byteLength > MAX_FORM) return [];
    const form = signedForm(new TextDecoder().decode(body));
    return urls.map((url) => joinBytes([url, form]));
  }
  return ok({ repeat_mark: { kind: "message" }, signatures: signatures.value, signed_at_ms: null, covers });
}

/**
 * Twilio signs the URL that it called, followed by the sorted names and values of a form. For any other body the URL
 * contains its SHA-256. https://www.twilio.com/docs/usage/security#validating-requests
 */
export const twilio = {
  secret: textSecret("vendor", "sha1"),
  options: null,
  read,
} satisfies InboundScheme;
