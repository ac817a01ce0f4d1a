import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApiRoutes } from "../../src/api/api.ts";
import { app } from "../../src/app.ts";
import { unwrap } from "../../src/client/index.ts";
import {
  client,
  createDestination,
  createIntegration,
  faultsOf,
  headersOf,
  request,
  statusOf,
  unchecked,
} from "../support/api.ts";

const apiRoutes = createApiRoutes();

const PATHS = ["/integrations", "/destinations", "/routes", "/events", "/alerts", "/deliveries", "/nothing", "/"];

describe("authentication", () => {
  const wrong = {
    "no header": undefined,
    "an empty header": "",
    "another scheme": `Basic ${btoa(`admin:${env.ADMIN_TOKEN}`)}`,
    "no token": "Bearer",
    "a blank token": "Bearer ",
    "a wrong token": "Bearer nope",
    "a prefix of the token": `Bearer ${env.ADMIN_TOKEN.slice(0, -1)}`,
    "the token and more": `Bearer ${env.ADMIN_TOKEN}0`,
    "the token alone": env.ADMIN_TOKEN,
    "two tokens": `Bearer ${env.ADMIN_TOKEN} ${env.ADMIN_TOKEN}`,
  };

  it.each(Object.entries(wrong))("answers 401 everywhere to %s", async (_what, authorization) => {
    for (const path of PATHS) {
      for (const method of ["GET", "POST", "PUT", "DELETE"]) {
        const headers = new Headers(authorization === undefined ? {} : { authorization });
        const response = await apiRoutes.request(path, { method, headers }, env);
        expect(response.status).toBe(401);
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
        expect(response.headers.get("content-type")).toBe("application/problem+json");
      }
    }
  });

  it("takes the scheme in any case", async () => {
    expect(statusOf(await client.events.list({}, { headers: { authorization: `bearer ${env.ADMIN_TOKEN}` } }))).toBe(
      200,
    );
  });

  it("comes before the body is looked at", async () => {
    const reply = await request("/integrations", {
      method: "POST",
      body: "{",
      headers: { authorization: "Bearer nope" },
    });
    expect(reply.status).toBe(401);
  });
});

it("is mounted under /api/v1, and asks nobody outside of it for a token", async () => {
  const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}` };
  const statuses = async (path: string) => [
    (await app.request(path, { headers }, env)).status,
    (await app.request(path, {}, env)).status,
  ];
  expect(await statuses("/api/v1/events")).toEqual([200, 401]);
  expect(await statuses("/api/v1/nothing")).toEqual([404, 401]);
  expect(await statuses("/api/v1")).toEqual([404, 401]);
  expect(await statuses("/health")).toEqual([200, 200]);
  expect(await statuses("/events")).toEqual([404, 404]);
});

describe("addresses", () => {
  it.each(["/", "/nothing", "/integrations/", "/integrations/int_0/nothing", "/Integrations", "/__proto__"])(
    "answers 404 at %s",
    async (path) => {
      const reply = await request(path);
      expect(reply.status).toBe(404);
      expect(faultsOf(reply)).toEqual([]);
    },
  );

  it.each([
    "int_0",
    "int_00000000000000000000000000000",
    "%00",
    "%ff",
    "%",
    "a%20b",
    "..%2f",
    "x".repeat(5000),
    "%F0%9F%92%A5",
  ])("answers 404 to the unknown id %s, with every verb", async (id) => {
    for (const resource of ["integrations", "destinations", "routes"]) {
      for (const [method, body] of [["GET"], ["PATCH", {}], ["DELETE"]] as const) {
        expect((await request(`/${resource}/${id}`, { method, body: JSON.stringify(body) })).status).toBe(404);
      }
    }
    for (const resource of ["events", "alerts", "deliveries"]) {
      expect((await request(`/${resource}/${id}`)).status).toBe(404);
    }
  });

  it("answers 405 with Allow to a wrong method", async () => {
    const expected = {
      "/integrations": "GET, HEAD, POST",
      "/destinations/dst_0": "GET, HEAD, PATCH, DELETE",
      "/routes": "GET, HEAD, POST",
      "/events": "GET, HEAD",
      "/events/evt_0": "GET, HEAD",
      "/alerts": "GET, HEAD",
      "/deliveries/dlv_0": "GET, HEAD",
    };
    for (const [path, allow] of Object.entries(expected)) {
      const reply = await request(path, { method: "PUT", body: "{}" });
      expect(reply.status).toBe(405);
      expect(reply.headers.get("allow")).toBe(allow);
      expect(faultsOf(reply)).toEqual([]);
    }
  });
});

describe("bodies", () => {
  it.each(["", "  ", "{", "{]", "nope", "{'a':1}", "\u0000", '{"name":"a",}', "[".repeat(200_000)])(
    "answers 400 to %j, which is not JSON",
    async (body) => {
      for (const resource of ["integrations", "destinations", "routes"]) {
        const reply = await request(`/${resource}`, { method: "POST", body });
        expect(reply.status).toBe(400);
        expect(faultsOf(reply)).toEqual([""]);
      }
    },
  );

  it.each(["[]", "null", "1", "true", '"text"', `${"[".repeat(100_000)}${"]".repeat(100_000)}`])(
    "answers 400 to a body that is no object",
    async (body) => {
      const { id } = await createIntegration();
      expect((await request("/integrations", { method: "POST", body })).status).toBe(400);
      expect((await request(`/integrations/${id}`, { method: "PATCH", body })).status).toBe(400);
    },
  );

  it("answers 400 to bytes that are not UTF-8", async () => {
    const init = { method: "POST", headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` } };
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]);
    expect((await apiRoutes.request("/integrations", { ...init, body }, env)).status).toBe(400);
  });

  it("answers 413 above 1 MB, whether or not the length is told", async () => {
    const large = JSON.stringify({ name: "x".repeat(1_000_000) });
    expect((await request("/integrations", { method: "POST", body: large })).status).toBe(413);
    expect(
      (await request("/integrations", { method: "POST", body: "{}", headers: { "content-length": "1000001" } })).status,
    ).toBe(413);
    const { id } = await createIntegration();
    const reply = await request(`/integrations/${id}`, { method: "PATCH", body: large });
    expect(reply.status).toBe(413);
    expect(faultsOf(reply)).toEqual([]);
  });

  it("names every unknown field, and those that are read-only as such", async () => {
    const body =
      '{"name":"a","type":"pagertree","nope":1,"__proto__":{},"constructor":1,"id":"int_1","created_at":"now"}';
    const reply = await request("/integrations", { method: "POST", body });
    expect(reply.status).toBe(400);
    expect(faultsOf(reply).toSorted()).toEqual(["__proto__", "constructor", "created_at", "id", "nope"]);
    expect(reply.text).toContain('{"path":"id","message":"is read-only"}');
    expect(reply.text).toContain('{"path":"nope","message":"is not known here"}');
  });

  it("says so where a required field is missing", async () => {
    expect(faultsOf(await client.integrations.create(unchecked({})))).toEqual(["name", "type"]);
    expect(faultsOf(await client.destinations.create(unchecked({})))).toEqual(["name", "url"]);
    expect(faultsOf(await client.routes.create(unchecked({})))).toEqual(["name", "destination_ids"]);
  });

  it.each(["", "   ", "a\u0000b", "a\nb", "x".repeat(201), "\ud800", 5, null, [], {}])(
    "refuses the name %j on every resource",
    async (name) => {
      const destination = await createDestination();
      const bodies = {
        integrations: { name, type: "pagertree" },
        destinations: { name, url: "https://hooks.example.com" },
        routes: { name, destination_ids: [destination.id] },
      };
      for (const [resource, body] of Object.entries(bodies)) {
        const reply = await request(`/${resource}`, { method: "POST", body: JSON.stringify(body) });
        expect(reply.status).toBe(400);
        expect(new Set(faultsOf(reply))).toEqual(new Set(["name"]));
      }
    },
  );

  it("takes any other name, and takes it twice", async () => {
    const name = "Überwachung 💥 __proto__ 'quoted\" \\ %00";
    const first = await createIntegration({ name });
    const second = await createIntegration({ name });
    expect(first.name).toBe(name);
    expect(second.id).not.toBe(first.id);
  });
});

describe("lists", () => {
  it.each(["integrations", "destinations", "routes", "events", "alerts", "deliveries"])(
    "refuses a query to %s that it does not understand, naming what",
    async (resource) => {
      const bad: Readonly<Record<string, string>> = {
        "limit=0": "limit",
        "limit=251": "limit",
        "limit=-1": "limit",
        "limit=1.5": "limit",
        "limit=1e2": "limit",
        "limit=": "limit",
        "limit=nope": "limit",
        "limit=99999999999999999999": "limit",
        "limit=1&limit=2": "limit",
        "cursor=": "cursor",
        "cursor=nope": "cursor",
        "cursor=%00": "cursor",
        "cursor=eHh4": "cursor",
        "page=2": "page",
        "__proto__=1": "__proto__",
        "constructor=1": "constructor",
        "Limit=1": "Limit",
      };
      for (const [query, path] of Object.entries(bad)) {
        const reply = await request(`/${resource}?${query}`);
        expect([query, reply.status]).toEqual([query, 400]);
        expect(faultsOf(reply)).toEqual([path]);
      }
      for (const query of ["", "limit=1", "limit=250", "limit=007"]) {
        expect(JSON.parse((await request(`/${resource}?${query}`)).text)).toEqual({ data: [], next_cursor: null });
      }
    },
  );

  it("refuses a cursor of another list", async () => {
    for (let i = 0; i < 2; i++) await createIntegration();
    const cursor = unwrap(await client.integrations.list({ limit: 1 })).next_cursor;
    expect(faultsOf(await client.destinations.list({ cursor: cursor ?? "" }))).toEqual(["cursor"]);
    expect(unwrap(await client.integrations.list({ cursor: cursor ?? "" })).data).toHaveLength(1);
  });

  it("answers HEAD without a body and never lets an answer be cached", async () => {
    unwrap(await client.integrations.create({ name: "a", type: "pagertree" }));
    const reply = await request("/integrations", { method: "HEAD" });
    expect([reply.status, reply.text]).toEqual([200, ""]);
    expect(headersOf(await client.integrations.list()).get("cache-control")).toBe("no-store");
  });
});
