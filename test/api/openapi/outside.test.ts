import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../../src/api/openapi/build.ts";
import { app } from "../../../src/app.ts";
import { contextOf, forgetContext } from "../../../src/context.ts";
import { runMaintenance } from "../../../src/maintenance/maintenance.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { BY_CODE, begin, comeBack, oauthDestination, oauthOutside } from "../../support/oauth.ts";
import { createIntegration } from "../../support/api.ts";
import { checkAnswer } from "./traffic.ts";

async function ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const response = await app.request(path, { method, ...init }, { ...env, EVENTS: fakeQueue().queue });
  const text = await response.clone().text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  checkAnswer(method, path, { status: response.status, text, json: isJson ? JSON.parse(text) : {} });
  return response;
}

describe("what is answered outside of /api/v1 is as the document says:", () => {
  it("health, readiness and keys", async () => {
    expect((await ask("GET", "/health")).status).toBe(200);
    expect((await ask("GET", "/ready")).status).toBe(503);
    await runMaintenance(contextOf(env), "* * * * *");
    forgetContext();
    expect((await ask("GET", "/ready")).status).toBe(200);
    expect((await ask("GET", "/.well-known/jwks.json")).headers.get("content-type")).toBe("application/jwk-set+json");
  });

  const fixed = OPERATIONS.map(({ path }) => path).filter((path) => !/^\/(api|integration|hooks)\//.test(path));

  it.each([...new Set(fixed)])("a method that %s does not take", async (path) => {
    const response = await app.request(path, { method: "PATCH" }, env);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toMatch(/GET|POST/);
    expect(await response.json()).toMatchObject({ code: "method_not_allowed", status: 405 });
  });

  it("metrics for Prometheus", async () => {
    const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` };
    expect((await ask("GET", "/metrics", { headers })).status).toBe(200);
    expect((await ask("GET", "/metrics")).status).toBe(401);
  });

  it("messages of agents", async () => {
    const usual = { authorization: `Bearer ${env.ADMIN_TOKEN}`, "content-type": "application/json", accept: "*/*" };
    const send = (headers: Readonly<Record<string, string>>, message: object) =>
      ask("POST", "/mcp", { headers: { ...usual, ...headers }, body: JSON.stringify({ jsonrpc: "2.0", ...message }) });
    const list = { id: 1, method: "tools/list" };
    expect((await send({}, list)).status).toBe(200);
    expect((await send({}, { method: "notifications/initialized" })).status).toBe(202);
    expect((await send({ authorization: "" }, list)).status).toBe(401);
    expect((await send({ origin: "https://elsewhere.example" }, list)).status).toBe(403);
    expect((await send({ accept: "text/html" }, list)).status).toBe(406);
    expect((await send({}, { ...list, params: { cursor: "x".repeat(300_000) } })).status).toBe(413);
    expect((await send({ "content-type": "text/plain" }, list)).status).toBe(415);
  });

  it("the end of an authorization", async () => {
    expect((await ask("GET", "/oauth/callback?state=none")).status).toBe(400);
    oauthOutside();
    const { searchParams } = await begin(await oauthDestination(BY_CODE));
    const done = await comeBack({ state: searchParams.get("state") ?? "", code: "c0de" });
    expect(done.status).toBe(200);
    const text = await done.text();
    checkAnswer("GET", "/oauth/callback", { status: done.status, text, json: {} });
  });

  it.each(["/integration/:id", "/hooks/catch/:id", "/hooks/catch/:id/silent"])("webhooks to %s", async (path) => {
    const { id } = await createIntegration({ type: "catch" });
    const address = path.replace(":id", id);
    for (const method of ["POST", "PUT"]) {
      expect((await ask(method, address, { body: '[{"a":1},{"a":2}]' })).status).toBe(200);
    }
    expect((await ask("GET", `${address}?a=1`)).status).toBe(200);
    expect((await ask("POST", address, { body: "{}", headers: { "content-encoding": "br" } })).status).toBe(415);
    expect((await ask("GET", `${address}?a=${"x".repeat(17_000)}`)).status).toBe(414);
    expect((await ask("POST", path.replace(":id", "int_none"), { body: "{}" })).status).toBe(404);
  });

  it("webhooks that are refused", async () => {
    const refusals = [
      [{ auth: { type: "token" } }, "POST", 403],
      [{ auth: { type: "bearer" } }, "POST", 401],
      [{ allowed_ips: ["192.0.2.1"] }, "POST", 403],
      [{ enabled: false }, "POST", 410],
      [{}, "GET", 405],
      [{}, "POST", 400],
    ] as const;
    for (const [more, method, status] of refusals) {
      const { id } = await createIntegration(more);
      const init = method === "GET" ? {} : { body: "[" };
      expect((await ask(method, `/integration/${id}`, init)).status).toBe(status);
    }
    const { id } = await createIntegration({ type: "catch", rate_limit: { requests: 1, period_seconds: 60 } });
    await ask("POST", `/integration/${id}`, { body: "{}" });
    expect((await ask("POST", `/integration/${id}`, { body: "{}" })).status).toBe(429);
  });
});

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** A mounted path as the document writes it. Paths that differ only in a slash at the end are one. */
function written(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}").replace(/(?<=.)\/$/, "");
}

/** Every method and path that is served outside the API: those mounted for a method, and those found by trying every method. */
async function served(): Promise<string[]> {
  const mounted = app.routes.filter(({ path }) => !path.includes("*"));
  const named = mounted.filter(({ method }) => method !== "ALL");
  const found = new Set(named.map(({ method, path }) => `${method} ${written(path)}`));
  const namedPaths = new Set(named.map(({ path }) => path));
  const { id } = await createIntegration({ type: "catch" });
  for (const { path } of mounted.filter((route) => !namedPaths.has(route.path))) {
    for (const method of METHODS) {
      const { status } = await app.request(path.replace(":id", id), { method }, env);
      if (status !== 405) found.add(`${method} ${written(path)}`);
    }
  }
  return [...found].toSorted();
}

it("the document has every address outside of /api/v1, and no other", async () => {
  const outside = OPERATIONS.filter(({ path }) => !path.startsWith("/api/v1/"));
  expect(outside.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(await served());
  expect(outside.length).toBeGreaterThan(10);
});
