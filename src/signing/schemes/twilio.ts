import { type Result, fail, ok } from "../../model/result.ts";
import { type Claim, type SignatureFault, type SignedHead, boundSignatures, readHeader } from "../claim.ts";
import { decodeSignature, joinBytes, utf8 } from "../hmac.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import { publicUrls } from "../public-urls.ts";
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

const BASIC = /^Basic +([A-Za-z0-9+/=]+)$/i;

/** Returns the URL with the credentials that Twilio was given in it, which it sends as Basic and signs as a part of the URL. */
function withCredentials(url: URL, authorization: string): readonly URL[] {
  const encoded = BASIC.exec(authorization.trim())?.[1];
  const bytes = encoded === undefined ? null : decodeSignature(encoded, "base64");
  const text = bytes === null ? null : decodeUtf8(bytes);
  const colon = text?.indexOf(":") ?? -1;
  if (text === null || colon < 1) return [url];
  const named = new URL(url);
  named.username = text.slice(0, colon);
  named.password = text.slice(colon + 1);
  return [url, named];
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
  const authorization = head.headers.get("authorization") ?? "";
  const called = publicUrls(head).flatMap((url) => withCredentials(url, authorization));
  const urls = called.flatMap(spellingsOf);
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
