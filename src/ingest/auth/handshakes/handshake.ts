import type { KeyRing } from "../../../crypto/key-ring.ts";
import type { Integration } from "../../../model/integration.ts";
import { type JsonObject, isJsonObject } from "../../../model/json.ts";
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
  readonly keys: KeyRing;
};

/** A vendor's check that an address belongs to its customer. */
export type Handshake = {
  /** A handshake before the credentials is not signed: `respond` must check the request itself. */
  readonly stage: "before_credentials" | "after_credentials";
  /** Returns whether a request may be this handshake. Every webhook passes here, so it does not read the body. */
  readonly matches: (integration: Integration, request: AuthRequest) => boolean;
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

/** Parses a body as a JSON object. Returns null if it is none. */
export function parseFields(body: Uint8Array): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Reads the body of a possible handshake as a JSON object. Returns null if it is none, and so a webhook. */
export async function readFields(request: AuthRequest): Promise<JsonObject | null> {
  const body = await request.body();
  return body.ok && body.value.byteLength <= MAX_HANDSHAKE_BYTES ? parseFields(body.value) : null;
}
