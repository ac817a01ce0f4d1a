import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { adminApp, createAdminRoutes } from "../../../src/api/api.ts";
import { OPERATIONS } from "../../../src/api/openapi/build.ts";
import document from "../../../src/api/openapi/document.json" with { type: "json" };
import { app } from "../../../src/app.ts";
import { api, create, createIntegration } from "../client.ts";

const adminRoutes = createAdminRoutes();

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** A mounted path as the document writes it: a slash at the end is the same place. */
function written(path: string): string {
  return path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, "{$1}").replace(/(?<=.)\/$/, "");
}

/** Every method and path that is served: those mounted by their methods, and what takes all methods by trying it. */
async function served(): Promise<string[]> {
  const mounted = [...app.routes, ...adminApp.routes].filter(({ path }) => !path.includes("*"));
  const named = mounted.filter(({ method }) => method !== "ALL");
  const found = new Set(named.map(({ method, path }) => `${method} ${written(path)}`));
  const namedPaths = new Set(named.map(({ path }) => path));
  const { id } = await createIntegration({ type: "catch" });
  for (const { path } of mounted.filter((route) => !namedPaths.has(route.path))) {
    for (const method of METHODS) {
      const { status } = await app.request(path.replace(":id", String(id)), { method }, env);
      if (status !== 405) found.add(`${method} ${written(path)}`);
    }
  }
  return [...found].toSorted();
}

it("the document has every path and method that is mounted, and nothing else", async () => {
  const told = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(told.toSorted()).toEqual(await served());
  expect(told.length).toBeGreaterThan(50);
});

it("each operation asks for the scope that the gateway asks for", async () => {
  const { token } = await create("tokens", { name: "reader", scopes: ["read"] });
  for (const { id, method, path, scope } of OPERATIONS) {
    const url = path.replace("{id}", "none").replace("{key}", "none");
    const headers = { authorization: `Bearer ${token}` };
    const init = { method: method.toUpperCase(), headers };
    const { status } = await app.request(url, init, env);
    expect({ id, is_refused: status === 403 }).toEqual({ id, is_refused: scope === "write" || scope === "admin" });
    const anonymous = await app.request(url, { method: method.toUpperCase() }, env);
    expect({ id, is_refused: anonymous.status === 401 }).toEqual({ id, is_refused: scope !== null });
  }
});

it("a token that may write, and no more, is refused just what the document has for administrators", async () => {
  const { token } = await create("tokens", { name: "writer", scopes: ["write"] });
  for (const { id, method, path, scope } of OPERATIONS) {
    const headers = { authorization: `Bearer ${token}` };
    const { status } = await app.request(
      path.replace(/\{\w+\}/g, "none"),
      { method: method.toUpperCase(), headers },
      env,
    );
    expect({ id, is_refused: status === 403 }).toEqual({ id, is_refused: scope === "admin" });
  }
});

it("is served to whoever may read, and to nobody else", async () => {
  const reply = await api("GET", "/openapi.json");
  expect(reply.status).toBe(200);
  expect(reply.json).toEqual(document);
  expect((await adminRoutes.request("/openapi.json", {}, env)).status).toBe(401);
});

it("operations have names of their own", () => {
  const ids = OPERATIONS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
