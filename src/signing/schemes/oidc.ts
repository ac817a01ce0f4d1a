import type { SignatureOptions, SignatureSettings } from "../../model/integration-auth.ts";
import { type JsonObject, isJsonObject } from "../../model/json.ts";
import { type FieldError, type Result, fail, ok } from "../../model/result.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import { type Claim, type SignatureFault, type SignedHead, readHeader } from "../claim.ts";
import { utf8 } from "../hmac.ts";
import { publicUrls } from "../public-urls.ts";
import type { GivenOptions, InboundScheme } from "./scheme.ts";

const GOOGLE = "https://accounts.google.com";
const TOKEN = /^Bearer +([\w-]+)\.([\w-]+)\.([\w-]+)$/i;
const MAX_ID = 256;

function decodePart(text: string): Uint8Array | null {
  try {
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    return null;
  }
}

function parsePart(text: string): JsonObject | null {
  const bytes = decodePart(text);
  const json = bytes === null ? null : decodeUtf8(bytes);
  try {
    const parsed: unknown = JSON.parse(json ?? "");
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Returns the ends of a token's validity; null if it has none that can be read. */
function validityOf({ exp, iat, nbf }: JsonObject): NonNullable<Claim["valid"]> | null {
  const from = nbf ?? iat;
  if (typeof exp !== "number" || typeof from !== "number") return null;
  return { from_ms: from * 1_000, until_ms: exp * 1_000 };
}

function isForAudience(aud: unknown, audience: string | null | undefined, head: SignedHead): boolean {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const accepted =
    typeof audience === "string"
      ? [audience]
      : publicUrls(head).flatMap(({ href, origin, pathname }) => [href, origin + pathname]);
  return accepted.some((each) => named.includes(each));
}

/** Returns whether a token names an account. An email counts only if its issuer has verified it. */
function isOf({ sub, email, email_verified }: JsonObject, account: string): boolean {
  if (account === "") return false;
  if (sub === account) return true;
  return typeof email === "string" && email.toLowerCase() === account.toLowerCase() && email_verified === true;
}

function read(head: SignedHead, settings: SignatureSettings): Result<Claim, SignatureFault> {
  const value = readHeader(head.headers, "authorization");
  if (!value.ok) return value;
  const [, first = "", second = "", third = ""] = TOKEN.exec(value.value) ?? [];
  const [header, claims, signature] = [parsePart(first), parsePart(second), decodePart(third)];
  if (header === null || claims === null || signature === null) return fail("malformed");
  const { alg: algorithm, kid } = header;
  if (algorithm !== "RS256" && algorithm !== "ES256") return fail("malformed");
  if (typeof kid !== "string" || kid === "" || kid.length > MAX_ID) return fail("malformed");
  const valid = validityOf(claims);
  if (valid === null) return fail("malformed");
  const { issuer = GOOGLE, audience, email = "" } = settings;
  if (claims["iss"] !== issuer || !isOf(claims, email)) return fail("mismatch");
  if (!isForAudience(claims["aud"], audience, head)) return fail("mismatch");
  return ok({
    // A sender uses a token for many requests, and it covers none of them.
    repeat_mark: { kind: "none" },
    signatures: [signature],
    signed_at_ms: null,
    valid,
    key: { kind: "jwk", issuer, kid, algorithm },
    covers: () => [utf8(`${first}.${second}`)],
  });
}

function complete({ issuer, audience, email }: GivenOptions): Result<SignatureOptions, readonly FieldError[]> {
  if (email === undefined) {
    return fail([{ path: "email", message: "is required: anybody can have the issuer make a token for this URL" }]);
  }
  return ok({ issuer: issuer ?? GOOGLE, audience: audience ?? null, email });
}

/**
 * A bearer token of OpenID Connect, as Google's Pub/Sub sends it: https://docs.cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 * The issuer publishes its keys: https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export const oidc = {
  secret: null,
  options: { takes: ["issuer", "audience", "email"], complete },
  read,
} satisfies InboundScheme;
