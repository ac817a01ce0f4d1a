import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { Endpoint } from "../../src/api/endpoint.ts";
import { ENDPOINTS } from "../../src/api/endpoints.ts";
import { SCOPES, type Scope } from "../../src/model/token.ts";
import { unwrap } from "../../src/client/index.ts";
import { type Reply, client } from "../support/api.ts";
import { browse, signIn } from "../support/sessions.ts";
import { tables } from "../support/tables.ts";

// Calls every declared endpoint with credentials of every kind, so that a new endpoint cannot be forgotten.

/** The scopes that may call an endpoint, by the scope that it declares. */
const ALLOWED = {
  read: ["read", "write", "admin"],
  write: ["write", "admin"],
  admin: ["admin"],
} as const satisfies Record<Scope, readonly Scope[]>;

const PAST = "2026-01-01T00:00:00.000Z";

async function tokenWith(scope: Scope): Promise<{ readonly id: string; readonly token: string }> {
  return unwrap(await client.tokens.create({ name: scope, scopes: [scope] }));
}

type Credentials = { readonly cookie?: string; readonly bearer?: string; readonly origin?: string | null };

/** Calls an endpoint with ids that nothing has, so that nothing happens. */
function call({ method, path }: Endpoint, { bearer, ...cookie }: Credentials): Promise<Reply> {
  const headers: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  return browse(path.replaceAll(/\{\w+\}/g, "none"), { method, headers, ...cookie });
}

const problem = z.object({ code: z.string(), status: z.number() });

function codeOf({ status, text }: Reply): string | null {
  return status < 400 ? null : problem.parse(JSON.parse(text)).code;
}

const REFUSALS = new Set(["unauthenticated", "missing_scope", "origin_not_allowed"]);

/** The code with which credentials are refused; null if they are accepted, whatever the endpoint then does. */
async function refusalOf(endpoint: Endpoint, credentials: Credentials): Promise<string | null> {
  const code = codeOf(await call(endpoint, credentials));
  return code !== null && REFUSALS.has(code) ? code : null;
}

const CLOSED = ENDPOINTS.flatMap((each) => (each.scope === null ? [] : [[each.id, each, each.scope] as const]));

describe("without valid credentials, nobody may call", () => {
  it.each(CLOSED)("%s", async (_id, endpoint) => {
    const { id, token } = await tokenWith("admin");
    const expired = { bearer: token, cookie: await signIn(token) };
    await tables.tokens.update({ id }, { expires_at: PAST });
    const deleted = await tokenWith("admin");
    const cookieOfDeleted = await signIn(deleted.token);
    unwrap(await client.tokens.delete(deleted.id));
    const old = await signIn();
    await tables.sessions.update({ token_id: "admin" }, { used_at: PAST });
    const wrong: Readonly<Record<string, Credentials>> = {
      "no credentials": {},
      "an unknown token": { bearer: "hgt_unknown" },
      "an expired token": { bearer: expired.bearer },
      "a deleted token": { bearer: deleted.token },
      "a cookie without a session": { cookie: "hookgate_session=admin.unknown" },
      "an empty cookie": { cookie: "hookgate_session=" },
      "the token as a cookie": { cookie: `hookgate_session=${env.ADMIN_TOKEN}` },
      "a session of an expired token": { cookie: expired.cookie },
      "a session of a deleted token": { cookie: cookieOfDeleted },
      "a session that was not used for long": { cookie: old },
      "the secret of a session as a token": { bearer: (await signIn()).replace("hookgate_session=", "") },
      "a wrong token beside a session": { bearer: "hgt_unknown", cookie: await signIn() },
    };
    const results = [];
    for (const [what, credentials] of Object.entries(wrong)) {
      const reply = await call(endpoint, credentials);
      results.push([what, reply.status, codeOf(reply)]);
    }
    expect(results).toEqual(Object.keys(wrong).map((what) => [what, 401, "unauthenticated"]));
  });
});

describe("a token or its session may call by the scope that the endpoint declares", () => {
  it.each(CLOSED)("%s", async (_id, endpoint, scope) => {
    const results: unknown[] = [];
    const expected: unknown[] = [];
    for (const held of SCOPES) {
      const { token } = await tokenWith(held);
      const wanted = ALLOWED[scope].some((allowed) => allowed === held) ? null : "missing_scope";
      results.push([held, "token", await refusalOf(endpoint, { bearer: token })]);
      expected.push([held, "token", wanted]);
      results.push([held, "session", await refusalOf(endpoint, { cookie: await signIn(token) })]);
      expected.push([held, "session", wanted]);
    }
    results.push(await refusalOf(endpoint, { bearer: env.ADMIN_TOKEN, cookie: await signIn() }));
    expect(results).toEqual([...expected, null]);
  });
});

describe("a page of another origin cannot use the session of a browser to call", () => {
  const changing = CLOSED.filter(([, { method }]) => method !== "GET");
  const origins = [null, "null", "", "https://evil.example", "http://gate.example.net", "https://gate.example.net:444"];

  it.each(changing)("%s", async (_id, endpoint) => {
    const cookie = await signIn();
    for (const origin of origins) {
      const reply = await call(endpoint, { cookie, origin });
      expect([origin, reply.status, codeOf(reply)]).toEqual([origin, 403, "origin_not_allowed"]);
    }
    expect(await refusalOf(endpoint, { bearer: env.ADMIN_TOKEN, origin: null })).toBeNull();
  });
});

it("each endpoint has an id and an address of its own", () => {
  const ids = ENDPOINTS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const addresses = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(addresses).size).toBe(addresses.length);
});

it("only tokens, the signing key and the audit trail are for administrators, and only GET is for readers", () => {
  for (const { method, path, scope } of ENDPOINTS.filter((each) => !each.path.startsWith("/sessions"))) {
    const expected = /^\/(?:tokens|keys\/signing|audit)(\/|$)/.test(path)
      ? "admin"
      : // Listening takes deliveries.
        method === "GET" && !path.endsWith("/listen")
        ? "read"
        : "write";
    expect([method, path, scope]).toEqual([method, path, expected]);
  }
});

it("only the beginning of a session needs no token", () => {
  expect(ENDPOINTS.filter(({ scope }) => scope === null).map(({ id }) => id)).toEqual(["sessions.create"]);
});
