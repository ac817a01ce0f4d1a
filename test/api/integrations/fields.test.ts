import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { findIntegration } from "../../../src/storage/config/integrations.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createIntegration, faultsOf, statusOf, unchecked } from "../../support/api.ts";

describe("allowed_ips, rate_limit and response", () => {
  it("are kept as they are given, changed and taken away", async () => {
    const given = {
      allowed_ips: ["203.0.113.7", "10.0.0.0/8", "2001:db8::/32", "::ffff:192.0.2.0/120"],
      rate_limit: { requests: 100, period_seconds: 60 },
      response: { status: 202, headers: { "x-answer": "yes" }, body: "thanks" },
    };
    const made = await createIntegration(given);
    expect(made).toMatchObject(given);
    expect(unwrap(await client.integrations.get(made.id))).toEqual(made);
    const other = { allowed_ips: ["::1"], rate_limit: { requests: 1, period_seconds: 1 } };
    const changed = await client.integrations.update(made.id, other);
    expect(unwrap(changed)).toMatchObject({ ...given, ...other });
    const none = { allowed_ips: null, rate_limit: null, response: null };
    expect(unwrap(await client.integrations.update(made.id, none))).toMatchObject(none);
    expect(unwrap(await client.integrations.get(made.id))).toMatchObject(none);
  });

  it.each([
    [{ allowed_ips: [] }, "allowed_ips"],
    [{ allowed_ips: "10.0.0.0/8" }, "allowed_ips"],
    [{ allowed_ips: ["10.0.0.0/8", "nowhere"] }, "allowed_ips[1]"],
    [{ allowed_ips: ["10.0.0.0/33"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["10.0.0.0/08"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["10.0.0.0/"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["10.0.0.0/8/8"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["10.0.0.0/-1"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["10.0.0"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["10.0.0.256"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["010.0.0.1"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["0x7f.0.0.1"] }, "allowed_ips[0]"],
    [{ allowed_ips: [" 10.0.0.1"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["2001:db8::/129"] }, "allowed_ips[0]"],
    [{ allowed_ips: ["fe80::1%eth0"] }, "allowed_ips[0]"],
    [{ allowed_ips: [7] }, "allowed_ips[0]"],
    [{ rate_limit: {} }, "rate_limit.requests"],
    [{ rate_limit: { requests: 0, period_seconds: 1 } }, "rate_limit.requests"],
    [{ rate_limit: { requests: 1, period_seconds: 0 } }, "rate_limit.period_seconds"],
    [{ rate_limit: { requests: 1, period_seconds: 86_401 } }, "rate_limit.period_seconds"],
    [{ rate_limit: { requests: 1.5, period_seconds: 1 } }, "rate_limit.requests"],
    [{ rate_limit: { requests: 1, period_seconds: 1, burst: 1 } }, "rate_limit.burst"],
    [{ rate_limit: 5 }, "rate_limit"],
    [{ response: "ok" }, "response"],
    [{ response: { status: 199 } }, "response.status"],
    [{ response: { status: 300 } }, "response.status"],
    [{ response: { status: "200" } }, "response.status"],
    [{ response: { code: 200 } }, "response.code"],
    [{ response: { status: 204, body: "x" } }, "response.body"],
    [{ response: { status: 205, body: {} } }, "response.body"],
    [{ response: { body: 7 } }, "response.body"],
    [{ response: { body: ["x"] } }, "response.body"],
    [{ response: { body: null } }, "response.body"],
    [{ response: { body: "x".repeat(16_385) } }, "response.body"],
    [{ response: { body: "ä".repeat(8_193) } }, "response.body"],
    [{ response: { body: { x: "x".repeat(16_384) } } }, "response.body"],
    [{ response: { headers: [] } }, "response.headers"],
    [{ response: { headers: { "Content-Length": "5" } } }, "response.headers.Content-Length"],
    [{ response: { headers: { "Set-Cookie": "a=b" } } }, "response.headers.Set-Cookie"],
    [{ response: { headers: { "Transfer-Encoding": "chunked" } } }, "response.headers.Transfer-Encoding"],
    [{ response: { headers: { "cf-ray": "1" } } }, "response.headers.cf-ray"],
    [{ response: { headers: { "x y": "1" } } }, "response.headers.x y"],
    [{ response: { headers: { "x-a": "1\r\nset-cookie: a=b" } } }, "response.headers.x-a"],
    [{ response: { headers: { "x-a": "\u0000" } } }, "response.headers.x-a"],
    [{ response: { headers: { "x-a": "ш" } } }, "response.headers.x-a"],
    [{ response: { headers: { "x-a": 1 } } }, "response.headers.x-a"],
    [{ response: { headers: { "x-a": "1", "X-A": "2" } } }, "response.headers.X-A"],
    [{ response: { headers: { "x-a": "a".repeat(1_025) } } }, "response.headers.x-a"],
  ])("%j is refused, on POST and on PATCH", async (more, path) => {
    const { id } = await createIntegration();
    const before = await client.integrations.get(id);
    for (const reply of [
      await client.integrations.create(unchecked({ name: "a", type: "pagertree", ...more })),
      await client.integrations.update(id, unchecked(more)),
    ]) {
      expect(statusOf(reply)).toBe(400);
      expect(faultsOf(reply)).toContain(path);
    }
    expect(unwrap(await client.integrations.get(id))).toEqual(unwrap(before));
  });

  it.each([200, 201, 202, 203, 204, 205, 206, 226, 299])("make an answer with the status %i", async (status) => {
    const { id } = await createIntegration({ response: { status } });
    const stored = await findIntegration(asPrimary(env.DB), id);
    const answer = new Response(null, stored?.response ?? {});
    expect(answer.status).toBe(status);
  });

  it("answer with an object as JSON, and show it as one", async () => {
    const body = { ok: true, list: [1, "ä"] };
    const made = await createIntegration({ response: { body } });
    const expected = { status: 200, headers: { "content-type": "application/json" }, body };
    expect(made.response).toEqual(expected);
    expect(unwrap(await client.integrations.get(made.id)).response).toEqual(expected);
    const stored = await findIntegration(asPrimary(env.DB), made.id);
    expect(stored?.response?.body).toBe(JSON.stringify(body));
    const typed = { headers: { "Content-Type": "application/vnd.acme+json" }, body };
    const other = await createIntegration({ response: typed });
    expect(other.response?.headers).toEqual({ "content-type": "application/vnd.acme+json" });
  });
});

it.each(["cookie", "Authorization", "proxy-authorization"])(
  "a handshake does not echo the header %s, which a browser sends by itself",
  async (name) => {
    const handshake = { echo: { from: "header", name }, as: "text" } as const;
    const refused = await client.integrations.create({ name: "a", type: "catch", handshake });
    expect(faultsOf(refused)).toEqual(["handshake.echo.name"]);
  },
);
