import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../../src/app.ts";
import { forgetContext } from "../../../src/context.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, statusOf } from "../../support/api.ts";
import { bindingsWith } from "../../support/bindings.ts";
import { emptyMeter, meteredDatabase } from "../../support/metered-database.ts";
import { browse, cookieIn, signIn } from "../../support/sessions.ts";
import { tables } from "../../support/tables.ts";

const HOUR_MS = 3_600_000;

async function statusBy(cookie: string): Promise<number> {
  return (await browse("/sessions/current", { cookie })).status;
}

function stopTheClock(): number {
  const now = Date.parse("2026-11-20T10:00:00.000Z");
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(now);
  return now;
}

// Each test begins in an isolate that has counted no guesses.
beforeEach(forgetContext);

describe("a session", () => {
  it("does what its token may, and says so", async () => {
    const made = unwrap(await client.tokens.create({ name: "dashboard", scopes: ["write"] }));
    const begun = await browse("/sessions", { method: "POST", body: { token: made.token } });
    expect(begun.status).toBe(201);
    expect(begun.headers.get("cache-control")).toBe("no-store");
    expect(begun.text).not.toContain(made.token);
    const cookie = cookieIn(begun);
    const current = await browse("/sessions/current", { cookie });
    expect([current.status, current.text]).toEqual([200, begun.text]);
    expect(JSON.parse(current.text)).toEqual({
      actor: made.id,
      scopes: ["write"],
      token: { id: made.id, name: "dashboard", expires_at: null },
      created_at: expect.any(String),
      expires_at: expect.any(String),
    });
    expect((await browse("/integrations", { cookie })).status).toBe(200);
    const body = { name: "a", type: "catch" };
    expect((await browse("/integrations", { method: "POST", cookie, body })).status).toBe(201);
    expect((await browse("/tokens", { cookie })).status).toBe(403);
  });

  it("of the administrator says so, too", async () => {
    const { text } = await browse("/sessions/current", { cookie: await signIn() });
    expect(JSON.parse(text)).toMatchObject({ actor: "admin", scopes: ["read", "write", "admin"], token: null });
  });

  it("has a cookie that scripts and other sites do not get, and that https keeps to itself", async () => {
    const begin = async (base: string) =>
      (await browse("/sessions", { method: "POST", body: { token: env.ADMIN_TOKEN }, base })).headers.get("set-cookie");
    const value = "hookgate_session=admin\\.[\\w-]{43}";
    expect(await begin("https://gate.example.net")).toMatch(
      new RegExp(`^${value}; Max-Age=43200; Path=/; HttpOnly; Secure; SameSite=Strict$`),
    );
    expect(await begin("http://localhost:8787")).toMatch(
      new RegExp(`^${value}; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict$`),
    );
  });

  it("ends when it is deleted, in every isolate, and only that one", async () => {
    const [one, other] = [await signIn(), await signIn()];
    const ended = await browse("/sessions/current", { method: "DELETE", cookie: one });
    expect(ended.status).toBe(204);
    expect(ended.headers.get("set-cookie")).toMatch(/^hookgate_session=; Max-Age=0; Path=\/; HttpOnly; Secure/);
    forgetContext();
    expect([await statusBy(one), await statusBy(other)]).toEqual([401, 200]);
  });

  it("ends with its token: deleted or expired, and follows its scopes", async () => {
    const made = unwrap(await client.tokens.create({ name: "a", scopes: ["admin"] }));
    const cookie = await signIn(made.token);
    expect((await browse("/tokens", { cookie })).status).toBe(200);
    unwrap(await client.tokens.update(made.id, { scopes: ["read"] }));
    expect((await browse("/tokens", { cookie })).status).toBe(403);
    const now = stopTheClock();
    const expires_at = new Date(now + HOUR_MS).toISOString();
    unwrap(await client.tokens.update(made.id, { expires_at }));
    const fresh = await signIn(made.token);
    expect(JSON.parse((await browse("/sessions/current", { cookie: fresh })).text)).toMatchObject({ expires_at });
    vi.setSystemTime(now + HOUR_MS);
    expect(await statusBy(fresh)).toBe(401);
    unwrap(await client.tokens.update(made.id, { expires_at: null }));
    expect(await statusBy(fresh)).toBe(200);
    unwrap(await client.tokens.delete(made.id));
    expect(await statusBy(fresh)).toBe(401);
  });

  it("of the administrator ends when ADMIN_TOKEN changes, and survives a rotation of MASTER_KEY", async () => {
    const cookie = await signIn();
    const by = async (changes: Partial<Env>): Promise<number> => {
      forgetContext();
      return (await app.request("/api/v1/sessions/current", { headers: { cookie } }, { ...env, ...changes })).status;
    };
    const MASTER_KEY = new Uint8Array(32).fill(8).toBase64();
    const rotating = { MASTER_KEY, MASTER_KEY_PREVIOUS: env.MASTER_KEY };
    expect(await by(rotating)).toBe(200);
    expect(await by({ ADMIN_TOKEN: "another-admin-token" })).toBe(401);
  });

  it("ends after twelve hours without use; a use prolongs it and costs one row in five minutes", async () => {
    const now = stopTheClock();
    const cookie = await signIn();
    const meter = emptyMeter();
    const ask = (): Response | Promise<Response> =>
      app.request("/api/v1/integrations", { headers: { cookie } }, bindingsWith({ DB: meteredDatabase(meter) }));
    const seen = [];
    for (const minutes of [0, 1, 4.9, 5, 6, 9, 720, 1_430]) {
      vi.setSystemTime(now + minutes * 60_000);
      const response = await ask();
      seen.push([minutes, response.status, meter.written, response.headers.has("set-cookie")]);
    }
    expect(seen).toEqual([
      [0, 200, 0, false],
      [1, 200, 0, false],
      [4.9, 200, 0, false],
      [5, 200, 1, true],
      [6, 200, 1, false],
      [9, 200, 1, false],
      [720, 200, 2, true],
      [1_430, 200, 3, true],
    ]);
    vi.setSystemTime(now + (1_430 + 720) * 60_000);
    expect((await ask()).status).toBe(401);
    await signIn();
    expect(await tables.sessions.count()).toBe(1);
  });

  it("has its token's Idempotency-Keys", async () => {
    const { token } = unwrap(await client.tokens.create({ name: "a", scopes: ["write"] }));
    const body = { name: "once", type: "catch" } as const;
    const first = unwrap(await clientOf({ token }).integrations.create(body, { idempotency_key: "k" }));
    const headers = { "idempotency-key": "k" };
    for (const [holder, isSame] of [[token, true] as const, [env.ADMIN_TOKEN, false] as const]) {
      const reply = await browse("/integrations", { method: "POST", cookie: await signIn(holder), body, headers });
      expect(reply.status).toBe(201);
      expect(JSON.parse(reply.text).id === first.id).toBe(isSame);
    }
  });

  it("is one of at most a hundred of its token", async () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({ token_id: "admin", hash: `h${index}`, admin_hash: "x" }));
    const used_at = new Date().toISOString();
    await tables.sessions.insert(...rows.map((row) => ({ ...row, used_at })), {
      token_id: "tok_1",
      hash: "a",
      used_at,
    });
    const cookie = await signIn();
    expect(await tables.sessions.count()).toBe(101);
    expect(await statusBy(cookie)).toBe(200);
  });
});

it("a request with a token has no session, gets its holder, and has nothing to end", async () => {
  const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` };
  const { text } = await browse("/sessions/current", { headers });
  expect(JSON.parse(text)).toMatchObject({ actor: "admin", created_at: null, expires_at: null });
  const cookie = await signIn();
  expect((await browse("/sessions/current", { method: "DELETE", headers, cookie })).status).toBe(404);
  expect(await statusBy(cookie)).toBe(200);
});

describe("a cookie", () => {
  it("counts for no other token, and not once any letter of it is changed", async () => {
    const reader = unwrap(await client.tokens.create({ name: "a", scopes: ["read"] }));
    const cookie = await signIn(reader.token);
    expect(await statusBy(cookie.replace(reader.id, "admin"))).toBe(401);
    const start = cookie.indexOf("=") + 1;
    for (let index = start; index < cookie.length; index++) {
      const other = cookie[index] === "a" ? "b" : "a";
      expect(await statusBy(cookie.slice(0, index) + other + cookie.slice(index + 1))).toBe(401);
    }
    expect(await statusBy(`${cookie}A`)).toBe(401);
    expect(await statusBy(cookie)).toBe(200);
  });

  it("that is made up costs no call to the database", async () => {
    await statusBy(await signIn());
    const meter = emptyMeter();
    const bindings = bindingsWith({ DB: meteredDatabase(meter) });
    for (let count = 0; count < 100; count++) {
      const secret = crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
      const headers = { cookie: `hookgate_session=admin.${secret}` };
      expect((await app.request("/api/v1/events", { headers }, bindings)).status).toBe(401);
    }
    expect(meter.queries).toBe(0);
  });

  it("that a browser has twice counts as none, because another host of the domain may have set one", async () => {
    const [own, planted] = [await signIn(), await signIn()];
    expect(await statusBy(`${own}; ${planted}`)).toBe(401);
    expect(await statusBy(`theme=dark; ${own}; lang=en`)).toBe(200);
    expect(await statusBy(`x_${own}`)).toBe(401);
  });

  it("is never taken over from the request that begins a session", async () => {
    const planted = await signIn();
    const begun = await browse("/sessions", { method: "POST", cookie: planted, body: { token: env.ADMIN_TOKEN } });
    expect(cookieIn(begun)).not.toBe(planted);
  });

  it("shows no secret of the database, and the database none of the cookie", async () => {
    const cookie = await signIn();
    const [, secret = ""] = cookie.split(".");
    const rows = JSON.stringify(await tables.sessions.all());
    expect(rows).not.toContain(secret);
    expect(rows).not.toContain(env.ADMIN_TOKEN);
  });
});

describe("a wrong token", () => {
  const guess = (address: string, token = "hgt_wrong") =>
    browse("/sessions", { method: "POST", body: { token }, headers: { "cf-connecting-ip": address } });

  it("is 401, and 429 after ten within a minute from one address, for the right token too", async () => {
    const now = stopTheClock();
    for (let count = 0; count < 10; count++) {
      vi.setSystemTime(now + count * 1_000);
      expect((await guess("192.0.2.1")).status).toBe(401);
    }
    const refused = await guess("192.0.2.1", env.ADMIN_TOKEN);
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("set-cookie")]).toEqual([
      429,
      "51",
      null,
    ]);
    expect(JSON.parse(refused.text)).toMatchObject({ code: "too_many_guesses" });
    expect((await guess("192.0.2.2")).status).toBe(401);
    vi.setSystemTime(now + 60_000);
    expect((await guess("192.0.2.1", env.ADMIN_TOKEN)).status).toBe(201);
  });

  it("is counted while it is checked, so that many at once are no more than ten", async () => {
    const replies = await Promise.all(Array.from({ length: 30 }, () => guess("192.0.2.3")));
    const statuses = replies.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
  });

  it("counts for the network of an IPv6 address, in which a host chooses its address", async () => {
    const statuses = [];
    for (let host = 1; host <= 11; host++) statuses.push((await guess(`2001:db8:1:2::${host}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
    expect((await guess("2001:db8:1:3::1")).status).toBe(401);
  });

  it("counts only if it is wrong", async () => {
    for (let count = 0; count < 12; count++) expect((await guess("192.0.2.4", env.ADMIN_TOKEN)).status).toBe(201);
  });
});

describe("POST /sessions", () => {
  it("is refused from a page of another origin, which could make its visitors use another's session", async () => {
    const begin = async (origin: string | null) =>
      (await browse("/sessions", { method: "POST", body: { token: env.ADMIN_TOKEN }, origin })).status;
    expect(await begin("https://evil.example")).toBe(403);
    expect(await begin("null")).toBe(403);
    expect(await begin(null)).toBe(201);
    expect(await begin("https://gate.example.net")).toBe(201);
  });

  it("needs a token in a body, and keeps nothing of it under an Idempotency-Key", async () => {
    const headers = { "idempotency-key": "k" };
    expect((await browse("/sessions", { method: "POST", body: {} })).status).toBe(400);
    for (const token of ["", "x".repeat(1_001), 5, null]) {
      expect((await browse("/sessions", { method: "POST", body: { token } })).status).toBe(400);
    }
    const body = { token: env.ADMIN_TOKEN };
    const [one, two] = [
      await browse("/sessions", { method: "POST", body, headers }),
      await browse("/sessions", { method: "POST", body, headers }),
    ];
    expect(cookieIn(one)).not.toBe(cookieIn(two));
    expect(await tables.api_idempotency_keys.count()).toBe(0);
  });
});

it("the client begins and ends sessions", async () => {
  expect(statusOf(await client.sessions.create({ token: env.ADMIN_TOKEN }))).toBe(201);
  expect(unwrap(await client.sessions.getCurrent()).actor).toBe("admin");
  expect(statusOf(await client.sessions.deleteCurrent())).toBe(404);
});
