import type { Context } from "../../context.ts";
import { type IntegrationAuth, credentialsInForce } from "../../model/integration-auth.ts";
import type { Integration } from "../../model/integration.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { type TextReader, decodeUtf8 } from "../../model/utf8.ts";
import { type KeyRing, secretsMatch } from "../../crypto/key-ring.ts";
import type { KeyReference, SignedHead } from "../../signing/claim.ts";
import { type SignedIdentity, verifySignature } from "../../signing/inbound.ts";
import type { VerifyingKey } from "../../signing/keys.ts";
import { learnsSecret } from "../../signing/schemes/registry.ts";
import { logLine } from "../../platform/log.ts";
import type { IngestError } from "../errors.ts";

type BodyReader = () => Promise<Result<Uint8Array, IngestError>>;

/**
 * A request whose body is not read yet. `body` reads it, and undoes its content coding; `sent` reads it as it arrived, and is
 * null if it has no content coding.
 */
export type AuthRequest = SignedHead & {
  /** Without the question mark. Few requests need the URL parsed. */
  readonly query: string;
  readonly body: BodyReader;
  readonly sent: BodyReader | null;
  /** Decodes the body as UTF-8. */
  readonly decode: TextReader;
};

/** A request of a known sender. `signed_by` is the key that verified its signature, or null if it is not signed. */
export type Authenticated = {
  readonly signed_by: VerifyingKey | null;
  readonly identity: SignedIdentity | null;
};

type Checked = Result<Authenticated, IngestError>;

const BASIC = /^Basic +([A-Za-z0-9+/=]+)$/i;
const BEARER = /^Bearer +(\S+)$/i;
const UNSIGNED = ok({ signed_by: null, identity: null });

/**
 * Returns whether a text has one of these hashes. All are compared, so that the time does not show which. Throws if it has
 * none of those that can be compared, and others cannot: the sender may be right.
 */
async function hasHash(keys: KeyRing, text: string, hashes: readonly string[]): Promise<boolean> {
  if (hashes.some((hash) => keys.isKnownMatch(text, hash))) return true;
  const results = await Promise.allSettled(hashes.map((hash) => keys.tokenMatches(text, hash)));
  if (text !== "" && results.some((result) => result.status === "fulfilled" && result.value)) return true;
  for (const result of results) if (result.status === "rejected") throw result.reason;
  return false;
}

/** RFC 7617 leaves the encoding open. Python's requests and older Java clients write ISO 8859-1. */
const LATIN1 = new TextDecoder("iso-8859-1");

function decodeBasic(header: string): { readonly username: string; readonly password: string } | null {
  const encoded = BASIC.exec(header)?.[1];
  if (encoded === undefined) return null;
  try {
    const bytes = Uint8Array.fromBase64(encoded);
    const text = decodeUtf8(bytes) ?? LATIN1.decode(bytes);
    const colon = text.indexOf(":");
    return colon < 0 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return null;
  }
}

async function checkBasic(
  auth: Extract<IntegrationAuth, { type: "basic" }>,
  headers: Headers,
  keys: KeyRing,
  nowMs: number,
): Promise<Checked> {
  const given = decodeBasic(headers.get("authorization")?.trim() ?? "");
  const [isName, isPassword] = await Promise.all([
    secretsMatch(given?.username ?? "", auth.username),
    hasHash(keys, given?.password ?? "", credentialsInForce(auth.password_hash, auth, nowMs)),
  ]);
  return given !== null && isName && isPassword ? UNSIGNED : fail({ reason: "bad_credentials", scheme: "Basic" });
}

async function checkSignature(
  integration: Integration,
  auth: Extract<IntegrationAuth, { type: "signature" }>,
  request: AuthRequest,
  context: Context,
  nowMs: number,
): Promise<Checked> {
  if (auth.sealed_secret === "" && learnsSecret(auth.scheme)) return fail({ reason: "key_not_learned" });
  const { keys, unopened } = await context.caches.verifying_keys.keysOf(integration.id, auth, nowMs);
  if (unopened > 0) logLine("error", "signature_secret.open_failed", { integration_id: integration.id, unopened });
  if (keys.length === 0 && auth.sealed_secret !== "") return fail({ reason: "configuration_unavailable" });
  const findKey = async (reference: KeyReference): Promise<Result<VerifyingKey | null, IngestError>> => {
    const found = await context.caches.published_keys.find(reference);
    return found.ok ? found : fail({ reason: "configuration_unavailable" });
  };
  const verify = (read: BodyReader) => verifySignature(auth, keys, request, read, nowMs, findKey);
  // Some senders sign before they compress, others after.
  const asSent = request.sent === null ? null : await verify(request.sent);
  const isOtherForm = asSent === null || (!asSent.ok && typeof asSent.error === "string");
  const verified = isOtherForm ? await verify(request.body) : asSent;
  if (verified.ok) return verified;
  const { error } = verified;
  if (typeof error !== "string") return fail(error);
  // The sender may have signed with the secret that cannot be opened.
  if (unopened > 0) return fail({ reason: "configuration_unavailable" });
  logLine("info", "signature.refused", { integration_id: integration.id, scheme: auth.scheme, fault: error });
  return fail({ reason: "bad_signature", fault: error });
}

/** Checks the credentials of a request against those of its integration. */
export async function checkCredentials(
  integration: Integration,
  request: AuthRequest,
  context: Context,
  nowMs: number,
): Promise<Checked> {
  const { auth } = integration;
  const { headers } = request;
  switch (auth.type) {
    case "none":
      return UNSIGNED;
    case "token": {
      const hashes = credentialsInForce(auth.token_hash, auth, nowMs);
      const isKnown = await hasHash(context.keys, headers.get(auth.header) ?? "", hashes);
      return isKnown ? UNSIGNED : fail({ reason: "bad_token" });
    }
    case "basic":
      return await checkBasic(auth, headers, context.keys, nowMs);
    case "bearer": {
      const given = BEARER.exec(headers.get("authorization")?.trim() ?? "")?.[1] ?? "";
      const isKnown = await hasHash(context.keys, given, credentialsInForce(auth.token_hash, auth, nowMs));
      return isKnown ? UNSIGNED : fail({ reason: "bad_credentials", scheme: "Bearer" });
    }
    case "signature":
      return await checkSignature(integration, auth, request, context, nowMs);
  }
}
