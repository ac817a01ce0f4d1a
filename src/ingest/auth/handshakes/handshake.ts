import type { Context } from "../../../context.ts";
import type { Integration } from "../../../model/integration.ts";
import { type JsonObject, isJsonObject } from "../../../model/json.ts";
import { decodeUtf8 } from "../../../model/utf8.ts";
import type { VerifyingKey } from "../../../signing/keys.ts";
import type { IngestError } from "../../errors.ts";
import type { AuthRequest } from "../credentials.ts";

/** The result of a handshake: the response to it, or why it is refused. */
export type HandshakeResult =
  | { readonly kind: "refused"; readonly error: IngestError }
  | { readonly kind: "responded"; readonly response: Response };

export type HandshakeCall = {
  readonly integration: Integration;
  readonly request: AuthRequest;
  /** The key that verified the request's signature, or null if there is none. */
  readonly signed_by: VerifyingKey | null;
  readonly context: Context;
};

/** A vendor's check that an address belongs to its customer. */
export type Handshake = {
  /** A handshake before the credentials is not signed: `respond` must check the request itself. */
  readonly stage: "before_credentials" | "after_credentials";
  /** Returns whether a request may be this handshake. Every webhook passes here, so it does not read the body. */
  readonly matches: (integration: Integration, request: AuthRequest) => boolean;
  /** A body without this text is not this handshake. Set if `matches` returns true for most webhooks: they are not parsed then. */
  readonly word?: string;
  /** Returns null if the request is a webhook after all. */
  readonly respond: (call: HandshakeCall) => Promise<HandshakeResult | null>;
};

export function responded(response: Response): HandshakeResult {
  return { kind: "responded", response };
}

export function refused(error: IngestError): HandshakeResult {
  return { kind: "refused", error };
}

export function refusedField(path: string, message: string): HandshakeResult {
  return refused({ reason: "invalid_fields", errors: [{ path, message }] });
}

/** What is echoed must not run or be sniffed as something else in a browser. */
const INERT = { "x-content-type-options": "nosniff", "content-security-policy": "sandbox" } as const;

/** Returns an echo as text. */
export function echoText(text: string): HandshakeResult {
  return responded(new Response(text, { headers: { "content-type": "text/plain; charset=utf-8", ...INERT } }));
}

/** Returns an echo as a member of a JSON map. */
export function echoJson(name: string, value: string): HandshakeResult {
  return responded(Response.json({ [name]: value }, { headers: INERT }));
}

const PRINTABLE = /^[\x21-\x7e]+$/;

/** Returns whether a value can be echoed in a header. */
export function isHeaderValue(value: unknown): value is string {
  return isChallenge(value) && PRINTABLE.test(value);
}

/** Returns an echo in a header; null if the value cannot be one. */
export function echoHeader(name: string, value: string): HandshakeResult | null {
  if (!isHeaderValue(value)) return null;
  return responded(new Response(null, { headers: { [name]: value } }));
}

/** The schemes whose senders sign the handshake too: an unsigned challenge is not theirs. */
const SIGNS_HANDSHAKE: ReadonlySet<string> = new Set(["discord", "slack", "twitch", "zoom"]);

/** Returns whether an integration may echo a challenge that is not signed. */
export function echoesUnsigned({ auth }: Integration): boolean {
  return auth.type !== "signature" || !SIGNS_HANDSHAKE.has(auth.scheme);
}

/** Returns whether a request asks whether a subscription is wanted, as WebSub does. Few have `hub` in their query. */
export function isSubscribing(request: AuthRequest): boolean {
  const { method, query } = request;
  // The URL is parsed when it is read, so it is read last.
  return method === "GET" && query.includes("hub") && request.url.searchParams.get("hub.mode") === "subscribe";
}

/** Returns whether the body is announced, and as short as this. It is checked before the body is read. */
export function isShort({ headers }: AuthRequest, maxBytes: number): boolean {
  const announced = headers.get("content-length");
  return announced !== null && Number(announced) <= maxBytes;
}

/** Returns whether an integration verifies signatures of a scheme. */
export function usesScheme({ auth }: Integration, scheme: string): boolean {
  return auth.type === "signature" && auth.scheme === scheme;
}

/** Longer bodies are webhooks and are not parsed here. */
const MAX_HANDSHAKE_BYTES = 16_384;
export const MAX_CHALLENGE = 1_024;

export function isChallenge(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_CHALLENGE;
}

/** Returns the body of a possible handshake as text; empty if it is too long for one or is no text. */
export async function readText({ body, decode }: AuthRequest): Promise<string> {
  const read = await body();
  return (read.ok && read.value.byteLength <= MAX_HANDSHAKE_BYTES ? decode(read.value) : null) ?? "";
}

function parse(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return parsed;
  } catch {
    return null;
  }
}

/** Parses a body as a JSON object. Returns null if it is not one. */
export function parseFields(body: Uint8Array): JsonObject | null {
  const parsed = parse(decodeUtf8(body) ?? "");
  return isJsonObject(parsed) ? parsed : null;
}

/** Reads the body of a possible handshake as JSON. Returns null if it is not one, which makes the request a webhook. */
export async function readJson(request: AuthRequest): Promise<unknown> {
  return parse(await readText(request));
}

/** Reads the body of a possible handshake as a JSON object, as `readJson` does. */
export async function readFields(request: AuthRequest): Promise<JsonObject | null> {
  const parsed = await readJson(request);
  return isJsonObject(parsed) ? parsed : null;
}
