import { readCertificate } from "../../crypto/certificate.ts";
import { isJsonObject, isList } from "../../model/json.ts";
import { type Result, fail, ok } from "../../model/result.ts";
import { decodeUtf8 } from "../../model/utf8.ts";
import { outboundFetch } from "../../net/outbound-fetch.ts";
import { checkUrl } from "../../net/url-guard.ts";
import { logLine } from "../../platform/log.ts";
import type { KeyReference } from "../../signing/claim.ts";
import type { VerifyingKey } from "../../signing/keys.ts";

// Keys that senders publish, read over the network. It is a module of its own, because few integrations need it.

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 65_536;
const MAX_KEYS = 20;
const RSA = "RSASSA-PKCS1-v1_5";
/** The base64url of a modulus of 2,048 bits. */
const MIN_MODULUS = 342;

/** Published keys by their names, and until when they may be used. */
export type KeySet = { readonly keys: ReadonlyMap<string, VerifyingKey>; readonly until_ms: number };

/** Returns the body of a response 200 as text; null if there is none. */
async function readText(address: string, allowPrivate: boolean): Promise<string | null> {
  const url = checkUrl(address, { allowPrivate, ownHosts: [] });
  if (!url.ok) return null;
  const result = await outboundFetch({
    url: url.value,
    method: "GET",
    headers: { accept: "application/json, */*" },
    body: null,
    timeout_ms: TIMEOUT_MS,
    max_response_bytes: MAX_BYTES,
  });
  const body = result.kind === "responded" && result.status === 200 && result.body.ok ? result.body.value : null;
  if (body !== null) return decodeUtf8(body);
  const outcome = result.kind === "responded" ? result.status : result.kind;
  logLine("warn", "published_keys.unavailable", { host: url.value.hostname, outcome });
  return null;
}

async function readJson(address: string, allowPrivate: boolean): Promise<unknown> {
  const text = await readText(address, allowPrivate);
  try {
    const json: unknown = JSON.parse(text ?? "null");
    return json;
  } catch {
    return null;
  }
}

async function importRsa(jwk: JsonWebKey): Promise<VerifyingKey | null> {
  if ((jwk.n ?? "").length < MIN_MODULUS) return null;
  const algorithm = { name: RSA, hash: "SHA-256" };
  return { kind: "rsa", key: await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]) };
}

async function importEc(jwk: JsonWebKey): Promise<VerifyingKey> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  return { kind: "ecdsa", key: await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]) };
}

/** Returns the key that a member of a key set describes, under its algorithm and id; null if it cannot verify tokens. */
async function readJwk(given: unknown): Promise<readonly [string, VerifyingKey] | null> {
  const { kty, kid, n, e, crv, x, y } = isJsonObject(given) ? given : {};
  if (typeof kid !== "string") return null;
  try {
    if (kty === "RSA" && typeof n === "string" && typeof e === "string") {
      const key = await importRsa({ kty, n, e });
      return key === null ? null : [`RS256 ${kid}`, key];
    }
    if (kty === "EC" && crv === "P-256" && typeof x === "string" && typeof y === "string") {
      return [`ES256 ${kid}`, await importEc({ kty, crv, x, y })];
    }
  } catch {
    return null;
  }
  return null;
}

/** Reads the keys of an issuer: its configuration has their address. */
async function readIssuer(issuer: string, allowPrivate: boolean): Promise<ReadonlyMap<string, VerifyingKey> | null> {
  const configuration = await readJson(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, allowPrivate);
  const { issuer: named, jwks_uri } = isJsonObject(configuration) ? configuration : {};
  if (named !== issuer || typeof jwks_uri !== "string") return null;
  const set = await readJson(jwks_uri, allowPrivate);
  const list = isJsonObject(set) ? set["keys"] : null;
  if (!isList(list)) return null;
  const keys = await Promise.all(list.slice(0, MAX_KEYS).map(readJwk));
  return new Map(keys.filter((key) => key !== null));
}

/** Reads a certificate. TLS proves that it is its host's, so that no chain is checked. */
async function readCertified(url: string): Promise<KeySet | null> {
  const text = await readText(url, false);
  const certified = text === null ? null : readCertificate(text);
  if (certified === null) return null;
  const entries = await Promise.all(
    (["SHA-1", "SHA-256"] as const).map(async (hash): Promise<readonly [string, VerifyingKey]> => {
      const key = await crypto.subtle.importKey("spki", certified.spki, { name: RSA, hash }, false, ["verify"]);
      return [hash, { kind: "rsa", key }];
    }),
  );
  return { keys: new Map(entries), until_ms: certified.until_ms };
}

/** Reads the keys among which a reference names one. The error says that they cannot be read now. */
export async function readPublished(
  reference: KeyReference,
  allowPrivate: boolean,
): Promise<Result<KeySet, "unavailable">> {
  try {
    switch (reference.kind) {
      case "certificate": {
        const set = await readCertified(reference.url);
        return set === null ? fail("unavailable") : ok(set);
      }
      case "jwk": {
        const keys = await readIssuer(reference.issuer, allowPrivate);
        return keys === null ? fail("unavailable") : ok({ keys, until_ms: Infinity });
      }
    }
  } catch {
    // The certificate has a key of another kind.
    return fail("unavailable");
  }
}
