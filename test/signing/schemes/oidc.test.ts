import { SignJWT, generateKeyPair } from "jose";
import { describe, expect, it } from "vitest";
import type { SignatureOptions } from "../../../src/model/integration-auth.ts";
import { ok } from "../../../src/model/result.ts";
import type { KeyReference } from "../../../src/signing/claim.ts";
import { verifySignature } from "../../../src/signing/inbound.ts";
import { oidc } from "../../../src/signing/schemes/oidc.ts";
import type { VerifyingKey } from "../../../src/signing/keys.ts";

const NOW = 1_790_000_000;
const CALLED = "https://gate.example.net/integration/int_1?a=1";
const EMAIL = "pusher@example-project.iam.gserviceaccount.com";
const ISSUER = "https://accounts.google.com";
const CLAIMS = { email: EMAIL, email_verified: true, sub: "113774264463038321964" };

const rsa = await generateKeyPair("RS256");
const ec = await generateKeyPair("ES256");

type Token = {
  readonly algorithm?: "RS256" | "ES256";
  readonly kid?: string | null;
  readonly claims?: object;
  readonly issuer?: string;
  readonly audience?: string | string[];
  readonly iat?: number;
  readonly exp?: number;
};

async function tokenOf({
  algorithm = "RS256",
  kid = "k1",
  claims = {},
  issuer = ISSUER,
  ...rest
}: Token): Promise<string> {
  const { audience = CALLED, iat = NOW - 60, exp = NOW + 3_000 } = rest;
  const header = { alg: algorithm, typ: "JWT", ...(kid === null ? {} : { kid }) };
  return await new SignJWT({ ...CLAIMS, ...claims })
    .setProtectedHeader(header)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(iat)
    .setExpirationTime(exp)
    .sign(algorithm === "RS256" ? rsa.privateKey : ec.privateKey);
}

function keyOf(reference: KeyReference): VerifyingKey | null {
  if (reference.kind !== "jwk" || reference.issuer !== ISSUER || reference.kid !== "k1") return null;
  return reference.algorithm === "RS256" ? { kind: "rsa", key: rsa.publicKey } : { kind: "ecdsa", key: ec.publicKey };
}

async function verify(authorization: string | null, given: SignatureOptions = {}) {
  const completed = oidc.options.complete({ email: EMAIL, ...given });
  if (!completed.ok) throw new Error("refused");
  const headers = new Headers(authorization === null ? {} : { authorization });
  const head = { method: "POST", url: new URL(CALLED), headers };
  const settings = { scheme: "oidc", ...completed.value };
  const read = () => Promise.resolve(ok(new TextEncoder().encode("{}")));
  const findKey = (reference: KeyReference) => Promise.resolve(ok(keyOf(reference)));
  const result = await verifySignature(settings, [], head, read, NOW * 1_000, findKey);
  return result.ok ? result.value.identity : String(result.error);
}

const send = async (token: Token, given: SignatureOptions = {}) =>
  await verify(`Bearer ${await tokenOf(token)}`, given);

describe("a token of OpenID Connect", () => {
  // Google's Pub/Sub uses a token for many messages, so that it is no mark of a repeat.
  it("is accepted from its issuer, for this URL and account, and identifies no request", async () => {
    expect(await send({})).toBeNull();
    expect(await send({ algorithm: "ES256" })).toBeNull();
    expect(await send({ audience: CALLED.replace("?a=1", "") })).toBeNull();
    expect(await send({ audience: ["other", CALLED] })).toBeNull();
    expect(await send({ audience: "my-api" }, { audience: "my-api" })).toBeNull();
    expect(await send({}, { email: EMAIL.toUpperCase() })).toBeNull();
    expect(await send({ claims: { email: undefined } }, { email: CLAIMS.sub })).toBeNull();
  });

  it.each<readonly [string, Token, SignatureOptions]>([
    ["of another issuer", { issuer: "https://issuer.example" }, {}],
    ["for another audience", { audience: "https://other.example/" }, {}],
    ["for this URL where another audience is set", {}, { audience: "my-api" }],
    ["of another account", { claims: { email: "other@example.com" } }, {}],
    ["of an account whose email is not verified", { claims: { email_verified: false } }, {}],
    ["of an account whose email is verified in words", { claims: { email_verified: "true" } }, {}],
    ["of a key that the issuer does not have", { kid: "k2" }, {}],
  ])("is refused %s", async (_, token, given) => {
    expect(await send(token, given)).toBe("mismatch");
  });

  it("is refused before and after its time", async () => {
    expect(await send({ exp: NOW - 31 })).toBe("stale");
    expect(await send({ exp: NOW - 29 })).toBeNull();
    expect(await send({ iat: NOW + 301 })).toBe("stale");
    expect(await send({ iat: NOW - 1e6, exp: NOW - 5e5 })).toBe("stale");
  });

  it("is refused with another algorithm, another signature or without a key's name", async () => {
    const [header = "", claims = "", signature = ""] = (await tokenOf({})).split(".");
    const written = (value: object) =>
      new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
    for (const alg of ["none", "HS256", "RS512", "ES256K", ""]) {
      expect(await verify(`Bearer ${written({ alg, kid: "k1" })}.${claims}.${signature}`)).toBe("malformed");
    }
    // An RSA signature is none of the key for ECDSA.
    expect(await verify(`Bearer ${written({ alg: "ES256", kid: "k1" })}.${claims}.${signature}`)).toBe("mismatch");
    const longer = written({ ...CLAIMS, iss: ISSUER, aud: CALLED, iat: NOW, exp: NOW + 9_000 });
    expect(await verify(`Bearer ${header}.${longer}.${signature}`)).toBe("mismatch");
    expect(await send({ kid: null })).toBe("malformed");
    expect(await send({ kid: "k".repeat(257) })).toBe("malformed");
    expect(await verify(`Bearer ${header}.${claims}.`)).toBe("malformed");
  });

  it.each([
    [null, "missing"],
    ["", "missing"],
    ["Basic YTpi", "malformed"],
    ["Bearer token", "malformed"],
    ["Bearer a.b.c", "malformed"],
    [`Bearer ${"a".repeat(5_000)}.b.c`, "malformed"],
    ["Bearer W10.W10.AA", "malformed"],
  ])("is not %j: %s", async (authorization, fault) => {
    expect(await verify(authorization)).toBe(fault);
  });

  it("needs an account: anybody can have Google make a token for this URL", () => {
    expect(oidc.options.complete({})).toEqual({ ok: false, error: [expect.objectContaining({ path: "email" })] });
  });
});
