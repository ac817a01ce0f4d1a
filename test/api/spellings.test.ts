import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { call } from "../support/flow.ts";
import { tables } from "../support/tables.ts";

/** Spellings of one address, of which a check by the text of the path could miss one. */
const SPELLINGS = [
  "tokens",
  "tokens/",
  "tokens//",
  "/tokens",
  "//tokens",
  "Tokens",
  "TOKENS",
  "%74okens",
  "%54okens",
  "toke%6es",
  "toke%6Es",
  "%2574okens",
  "./tokens",
  "x/../tokens",
  "integrations/../tokens",
  "integrations/%2e%2e/tokens",
  "integrations%2f..%2ftokens",
  "integrations/..;/tokens",
  "tokens;",
  "tokens;a=b",
  "tokens;/",
  "tokens%2f",
  "tokens%20",
  "tokens%00",
  "tokens.",
  "tokens.json",
  "tokens?",
  "tokens?scope=admin",
  "tokens#x",
  "\\tokens",
];

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const BODY = JSON.stringify({ name: "mine", scopes: ["admin"] });

let holders: readonly string[];

beforeEach(async () => {
  const made = [];
  for (const scope of ["read", "write"] as const) {
    made.push(unwrap(await client.tokens.create({ name: scope, scopes: [scope] })));
  }
  holders = made.map(({ token }) => token);
});

async function ask(path: string, method: string, token: string, more: Readonly<Record<string, string>> = {}) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", ...more };
  const hasBody = !["GET", "HEAD"].includes(method);
  return await call(`/api/v1/${path}`, { method, headers, ...(hasBody ? { body: BODY } : {}) });
}

describe("a token without the scope admin", () => {
  it.each(SPELLINGS)("reads and makes no tokens at %j", async (path) => {
    for (const token of holders) {
      for (const method of METHODS) {
        const answer = await ask(path, method, token);
        expect([method, answer.status >= 400 && answer.status < 500]).toEqual([method, true]);
        expect(answer.text).not.toContain("tok_");
      }
    }
    expect(await tables.tokens.count()).toBe(2);
  });

  it("reads no tokens by a header that names another address", async () => {
    for (const token of holders) {
      for (const name of ["x-http-method-override", "x-original-url", "x-rewrite-url"]) {
        const answer = await ask("integrations", "GET", token, { [name]: "/api/v1/tokens" });
        expect(answer.text).not.toContain("tok_");
      }
    }
  });
});

it("the API lets no page of another origin call it or read its responses", async () => {
  const origin = { origin: "https://evil.example", "access-control-request-method": "POST" };
  for (const path of ["integrations", "tokens", "none"]) {
    for (const method of METHODS) {
      const { headers } = await ask(path, method, env.ADMIN_TOKEN, origin);
      const named = [...headers.keys()].filter((name) => name.startsWith("access-control-"));
      expect([path, method, named]).toEqual([path, method, []]);
    }
  }
});
