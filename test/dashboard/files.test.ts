import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { app } from "../../src/app.ts";

const FILES = new Map([
  ["/", "<!doctype html>"],
  ["/theme.js", "theme"],
  ["/assets/index-1.js", "script"],
  ["/docs/", "documents"],
]);

/** The binding as Cloudflare gives it: a file, or 404. */
const ASSETS = {
  fetch: async (request: Request) => {
    const text = FILES.get(new URL(request.url).pathname);
    return text === undefined
      ? new Response("", { status: 404 })
      : new Response(text, { headers: { "x-file": "yes" } });
  },
};

async function get(path: string, accept = "text/html", method = "GET", assets: object = { ASSETS }): Promise<Response> {
  const bindings = Object.assign(Object.create(null), env, { ASSETS: undefined }, assets);
  return app.fetch(new Request(`https://gateway.example${path}`, { method, headers: { accept } }), bindings);
}

describe("an address without an endpoint", () => {
  it.each(["/", "/events", "/events/evt_1?tab=raw", "/no/such/page"])("%s is the dashboard's page", async (path) => {
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([200, "<!doctype html>"]);
    expect(response.headers.get("x-file")).toBe("yes");
  });

  it("is a file of the dashboard if there is one, whatever is accepted", async () => {
    expect(await (await get("/theme.js", "*/*")).text()).toBe("theme");
    expect(await (await get("/assets/index-1.js", "*/*")).text()).toBe("script");
  });

  it("is a page of the documents below /docs", async () => {
    expect(await (await get("/docs/")).text()).toBe("documents");
  });

  it.each([
    "/assets/none.js",
    "/docs",
    "/docs/none",
    "/hooks/none",
    "/mcp/none",
    "/.well-known/none",
    "/api",
    "/api/v2",
  ])("%s is 404 for a browser, too", async (path) => {
    const response = await get(path);
    expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
  });

  it("is 404 for programs and for other methods", async () => {
    expect((await get("/events", "application/json")).status).toBe(404);
    expect((await get("/events", "text/html", "POST")).status).toBe(404);
  });

  it("is 404 on a gateway without a dashboard", async () => {
    expect((await get("/events", "text/html", "GET", {})).status).toBe(404);
  });
});
