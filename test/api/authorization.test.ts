import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ENDPOINTS } from "../../src/api/endpoints.ts";
import { app } from "../../src/app.ts";
import { SCOPES, type Scope } from "../../src/model/token.ts";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";

/** The scopes that may call an endpoint, by the scope that it declares. */
const ALLOWED = {
  read: ["read", "write", "admin"],
  write: ["write", "admin"],
  admin: ["admin"],
} as const satisfies Record<Scope, readonly Scope[]>;

async function tokenWith(scope: Scope): Promise<string> {
  return unwrap(await client.tokens.create({ name: scope, scopes: [scope] })).token;
}

/** Calls an endpoint with ids that nothing has, so that nothing happens. */
async function statusOf(method: string, path: string, token: string | undefined): Promise<number> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await app.request(`/api/v1${path.replaceAll(/\{\w+\}/g, "none")}`, { method, headers }, env);
  await response.arrayBuffer();
  return response.status;
}

describe("every endpoint needs a token with the scope that it declares:", () => {
  it.each(ENDPOINTS.map(({ id, method, path, scope }) => [id, method, path, scope] as const))(
    "%s",
    async (_id, method, path, scope) => {
      expect(await statusOf(method, path, undefined)).toBe(401);
      expect(await statusOf(method, path, "hgt_unknown")).toBe(401);
      for (const held of SCOPES) {
        const isAllowed = ALLOWED[scope].some((allowed) => allowed === held);
        const status = await statusOf(method, path, await tokenWith(held));
        expect([held, status !== 403]).toEqual([held, isAllowed]);
      }
    },
  );
});

it("each endpoint has an id and an address of its own", () => {
  const ids = ENDPOINTS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const addresses = ENDPOINTS.map(({ method, path }) => `${method} ${path}`);
  expect(new Set(addresses).size).toBe(addresses.length);
});

it("only tokens and the signing key are for administrators, and only GET is for readers", () => {
  for (const { method, path, scope } of ENDPOINTS) {
    const expected = /^\/(?:tokens|keys\/signing)(\/|$)/.test(path) ? "admin" : method === "GET" ? "read" : "write";
    expect([method, path, scope]).toEqual([method, path, expected]);
  }
});
