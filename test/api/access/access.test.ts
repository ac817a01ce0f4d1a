import { env } from "cloudflare:workers";
import { SignJWT, type JWTPayload, exportJWK, generateKeyPair } from "jose";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../../src/app.ts";
import { forgetContext } from "../../../src/context.ts";
import { ORIGIN } from "../../support/api.ts";
import { signIn } from "../../support/sessions.ts";

const ISSUER = "https://acme.cloudflareaccess.com";
const AUDIENCE = "0123456789abcdef".repeat(4);
const ROLES = JSON.stringify({ admin: ["Boss@example.com", "on-call"], write: ["deploy-bot"], read: ["*"] });
const NOW_MS = Date.parse("2026-11-20T10:00:00.000Z");

const own = await generateKeyPair("RS256", { extractable: true });
const other = await generateKeyPair("RS256", { extractable: true });
const jwk = { ...(await exportJWK(own.publicKey)), kid: "one", alg: "RS256", use: "sig" };

/** What the team's Access publishes, and how often it was asked. */
let published: { keys: readonly object[] } | "down" = { keys: [jwk] };
let asked: string[] = [];

beforeEach(() => {
  forgetContext();
  published = { keys: [jwk] };
  asked = [];
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(NOW_MS);
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    asked.push(new Request(input).url);
    if (published === "down") throw new Error("down");
    return Response.json({ ...published, public_certs: [] });
  });
});

type Claims = Readonly<Record<string, unknown>>;

function claims(more: Claims = {}): JWTPayload {
  const iat = NOW_MS / 1_000;
  return {
    iss: ISSUER,
    aud: [AUDIENCE],
    email: "ann@example.com",
    type: "app",
    iat,
    nbf: iat,
    exp: iat + 3_600,
    ...more,
  };
}

function tokenOf(more: Claims = {}, kid = "one", key: CryptoKey = own.privateKey): Promise<string> {
  return new SignJWT(claims(more)).setProtectedHeader({ alg: "RS256", kid, typ: "JWT" }).sign(key);
}

type Ask = { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly env?: object };

async function ask(token: string, path = "/sessions/current", { method = "GET", headers, env: more }: Ask = {}) {
  const bindings = {
    ...env,
    ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com",
    ACCESS_AUD: AUDIENCE,
    ACCESS_ROLES: ROLES,
  };
  const init = { method, headers: { "cf-access-jwt-assertion": token, ...headers } };
  const response = await app.request(`${ORIGIN}/api/v1${path}`, init, { ...bindings, ...more });
  const body: { code?: string; actor?: string; scopes?: string[] } =
    response.status === 204 ? {} : JSON.parse(await response.text());
  return { status: response.status, ...body };
}

describe("a user whom Cloudflare Access has signed in", () => {
  it.each([
    ["an email", { email: "boss@example.com" }, "access:boss@example.com", ["read", "admin"]],
    ["a group", { groups: ["staff", "on-call"] }, "access:ann@example.com", ["read", "admin"]],
    [
      "a group of the identity provider",
      { custom: { groups: ["on-call"] } },
      "access:ann@example.com",
      ["read", "admin"],
    ],
    ["nothing in particular", {}, "access:ann@example.com", ["read"]],
    [
      "the name of a service token",
      { email: undefined, common_name: "deploy-bot" },
      "access:deploy-bot",
      ["read", "write"],
    ],
  ])("has the scopes of %s", async (_what, more, actor, scopes) => {
    expect(await ask(await tokenOf(more))).toMatchObject({ status: 200, actor, scopes, token: null, created_at: null });
  });

  it("has no scope without a role, and reads if no roles are set", async () => {
    const token = await tokenOf();
    expect(await ask(token, "/events", { env: { ACCESS_ROLES: '{"admin":["x"]}' } })).toMatchObject({
      code: "missing_scope",
    });
    forgetContext();
    expect(await ask(token, "/events", { env: { ACCESS_ROLES: "" } })).toMatchObject({ status: 200 });
    expect(await ask(token, "/events", { method: "POST" })).toMatchObject({ status: 403 });
  });

  it("needs the gateway's own Origin for a change, because the browser signs every request", async () => {
    const token = await tokenOf({ email: "boss@example.com" });
    const by = async (origin: string | null) =>
      (await ask(token, "/tokens/none", { method: "DELETE", headers: origin === null ? {} : { origin } })).code;
    expect(await by(null)).toBe("origin_not_allowed");
    expect(await by("https://evil.example")).toBe("origin_not_allowed");
    expect(await by(ORIGIN)).toBe("not_found");
  });

  it("counts after a token and a session", async () => {
    const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` };
    expect(await ask(await tokenOf(), "/sessions/current", { headers })).toMatchObject({ actor: "admin" });
    expect(await ask(await tokenOf(), "/sessions/current", { headers: { authorization: "Bearer x" } })).toMatchObject({
      status: 401,
    });
    expect(await ask(await tokenOf(), "/sessions/current", { headers: { cookie: await signIn() } })).toMatchObject({
      actor: "admin",
    });
  });
});

describe("a token of Access is refused", () => {
  const encode = (value: object): string =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
  const iat = NOW_MS / 1_000;

  /** A token signed by HMAC with the public key as the secret. */
  async function confused(): Promise<string> {
    const signed = `${encode({ alg: "HS256", kid: "one" })}.${encode(claims())}`;
    const secret = new TextEncoder().encode(JSON.stringify(jwk));
    const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(signed)));
    return `${signed}.${signature.toBase64({ alphabet: "base64url", omitPadding: true })}`;
  }

  const embedded = async (): Promise<string> =>
    await new SignJWT(claims())
      .setProtectedHeader({ alg: "RS256", kid: "one", jwk: await exportJWK(other.publicKey) })
      .sign(other.privateKey);

  const wrong: Readonly<Record<string, () => Promise<string>>> = {
    "without a signature": async () => `${encode({ alg: "none", kid: "one" })}.${encode(claims())}.`,
    "that claims another algorithm": confused,
    "with a key of its own": embedded,
    "of another key": () => tokenOf({}, "one", other.privateKey),
    "of an unknown key": () => tokenOf({}, "two", other.privateKey),
    "for another application": () => tokenOf({ aud: ["f".repeat(64)] }),
    "for no application": () => tokenOf({ aud: undefined }),
    "of another team": () => tokenOf({ iss: "https://evil.cloudflareaccess.com" }),
    "that has expired": () => tokenOf({ exp: iat - 60 }),
    "that never expires": () => tokenOf({ exp: undefined }),
    "that is not valid yet": () => tokenOf({ nbf: iat + 600 }),
    "without a name": () => tokenOf({ email: undefined }),
    "whose name is no text": () => tokenOf({ email: { $ne: null } }),
    "that is changed": async () => `${(await tokenOf()).slice(0, -4)}AAAA`,
    "that is empty": async () => "",
    "that is no token": async () => "a.b.c",
    "that is very long": async () => `${"a".repeat(20_000)}.b.c`,
  };

  it.each(Object.entries(wrong))("%s", async (_what, make) => {
    expect(await ask(await make())).toMatchObject({ status: 401, code: "unauthenticated" });
    expect(await ask(await tokenOf())).toMatchObject({ status: 200 });
  });

  it("if Access is not set up, and then nothing is fetched", async () => {
    const off = { ACCESS_TEAM_DOMAIN: "", ACCESS_AUD: "", ACCESS_ROLES: "" };
    expect(await ask(await tokenOf(), "/events", { env: off })).toMatchObject({ status: 401 });
    expect(asked).toEqual([]);
  });
});

describe("the keys of Access", () => {
  it("are fetched once from the team's domain, also for requests at the same time", async () => {
    const token = await tokenOf();
    const statuses = (await Promise.all([ask(token), ask(token), ask(token)])).map(({ status }) => status);
    expect([...statuses, (await ask(token)).status]).toEqual([200, 200, 200, 200]);
    expect(asked).toEqual([`${ISSUER}/cdn-cgi/access/certs`]);
  });

  it("are fetched again for a new key, and not for each key that somebody makes up", async () => {
    await ask(await tokenOf());
    vi.setSystemTime(NOW_MS + 31_000);
    for (let count = 0; count < 20; count++) await ask(await tokenOf({}, `made-up-${count}`, other.privateKey));
    expect(asked).toHaveLength(2);
    vi.setSystemTime(NOW_MS + 62_000);
    published = { keys: [jwk, { ...(await exportJWK(other.publicKey)), kid: "two" }] };
    expect(await ask(await tokenOf({}, "two", other.privateKey))).toMatchObject({ status: 200 });
  });

  it("are used for six hours if they cannot be fetched again; without any, requests are refused and tokens work", async () => {
    published = "down";
    const exp = NOW_MS / 1_000 + 100_000;
    for (let count = 0; count < 5; count++) {
      expect(await ask(await tokenOf())).toMatchObject({ status: 503, code: "access_unavailable" });
    }
    expect(asked).toHaveLength(1);
    const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` };
    expect(await ask(await tokenOf(), "/events", { headers })).toMatchObject({ status: 200 });
    published = { keys: [jwk] };
    vi.setSystemTime(NOW_MS + 31_000);
    expect(await ask(await tokenOf())).toMatchObject({ status: 200 });
    published = "down";
    vi.setSystemTime(NOW_MS + 5 * 3_600_000);
    expect(await ask(await tokenOf({ exp }))).toMatchObject({ status: 200 });
    vi.setSystemTime(NOW_MS + 7 * 3_600_000);
    expect(await ask(await tokenOf({ exp }))).toMatchObject({ status: 503 });
  });

  it.each([{ keys: [] }, { keys: [{ kty: "oct", kid: "one", k: "AAAA" }] }, { keys: [{ kty: "RSA", kid: "one" }] }])(
    "that cannot verify are left out: %j",
    async (wrong) => {
      published = wrong;
      expect((await ask(await tokenOf())).status).toBeGreaterThanOrEqual(401);
    },
  );
});

it.each([
  [{ ACCESS_TEAM_DOMAIN: "evil.example", ACCESS_AUD: AUDIENCE }, "ACCESS_TEAM_DOMAIN"],
  [{ ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com", ACCESS_AUD: "" }, "ACCESS_AUD"],
  [{ ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com", ACCESS_AUD: "x" }, "ACCESS_AUD"],
  [{ ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com", ACCESS_AUD: AUDIENCE, ACCESS_ROLES: "{}x" }, "ACCESS_ROLES"],
  [
    { ACCESS_TEAM_DOMAIN: "acme.cloudflareaccess.com", ACCESS_AUD: AUDIENCE, ACCESS_ROLES: '{"owner":["a"]}' },
    "ACCESS_ROLES",
  ],
])("wrong variables are named: %j", async (variables, name) => {
  forgetContext();
  const response = await app.request("/api/v1/events", {}, { ...env, ...variables });
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ code: "not_set_up", errors: [{ path: name }] });
});
