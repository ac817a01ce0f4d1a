import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../src/app.ts";
import { createIntegration, unchecked } from "../support/api.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { tables } from "../support/tables.ts";

const GOOD = { authorization: "Bearer t0ken-of-mine" };
const BODY = JSON.stringify({ event_type: "create", Id: "disk", Title: "Disk full" });

let { queue, sent } = fakeQueue();
let meter = emptyMeter();
let bindings = bindingsWith({});

beforeEach(() => {
  ({ queue, sent } = fakeQueue());
  meter = emptyMeter();
  bindings = bindingsWith({ EVENTS: queue, DB: meteredDatabase(meter) });
});

async function send(id: unknown, init: RequestInit, query = ""): Promise<Response> {
  return await app.request(`https://gate.example.net/integration/${String(id)}${query}`, init, bindings);
}

async function objectsInBucket(): Promise<number> {
  return (await env.BODIES.list()).objects.length;
}

describe("a refused request", () => {
  const auth = { type: "bearer", token: "t0ken-of-mine" } as const;
  const post = (headers: Readonly<Record<string, string>> = {}, body: BodyInit = BODY): RequestInit => ({
    method: "POST",
    headers,
    body,
  });

  it.each([
    ["of another address", { allowed_ips: ["192.0.2.1"] }, post(GOOD), 403],
    ["without a token", { auth: { type: "token" } }, post(), 403],
    ["with a wrong token", { auth: { type: "token" } }, post({ "pagertree-token": "x" }), 403],
    ["without credentials", { auth }, post(), 401],
    ["with wrong credentials", { auth }, post({ authorization: "Bearer t0ken-of-yours" }), 401],
    ["without a signature", { auth: { type: "signature", scheme: "github" } }, post(), 401],
    [
      "with a wrong signature",
      { auth: { type: "signature", scheme: "github" } },
      post({ "x-hub-signature-256": `sha256=${"0".repeat(64)}` }),
      401,
    ],
    [
      "that is a wrong handshake",
      { type: "catch", auth: { type: "signature", scheme: "slack", secret: "s" } },
      post(),
      401,
    ],
    ["that cannot be parsed", { auth }, post(GOOD, "{"), 400],
    ["with wrong fields", { auth }, post(GOOD, '{"event_type":"create","Id":{}}'), 400],
    ["by a wrong method", { auth }, { method: "DELETE", headers: GOOD }, 405],
    ["that is not compressed as it says", { auth }, post({ ...GOOD, "content-encoding": "gzip" }), 400],
    ["in an unknown coding", { auth }, post({ ...GOOD, "content-encoding": "br" }), 415],
    ["that is too large", { auth }, post({ ...GOOD, "content-length": String(11 * 1024 * 1024) }), 413],
    ["to a disabled integration", { auth, enabled: false }, post(GOOD), 410],
  ])("%s costs one row in half a minute, no message and no object", async (_, fields, init, status) => {
    const { id } = await createIntegration(unchecked(fields));
    for (let n = 0; n < 5; n++) expect((await send(id, init)).status).toBe(status);
    await vi.waitFor(() => expect(meter.written).toBe(1));
    expect(await tables.rejections.count()).toBe(1);
    expect(sent).toEqual([]);
    expect(await objectsInBucket()).toBe(0);
  });

  it("over the rate limit costs one row and no message", async () => {
    const { id } = await createIntegration({ auth, rate_limit: { requests: 1, period_seconds: 3_600 } });
    expect((await send(id, post(GOOD))).status).toBe(200);
    const { written } = meter;
    for (let n = 0; n < 5; n++) expect((await send(id, post(GOOD))).status).toBe(429);
    await vi.waitFor(() => expect(meter.written).toBe(written + 1));
    expect(sent).toHaveLength(1);
  });

  it("to an address that does not exist costs no row and no message", async () => {
    // The first use of a gateway stores its keys.
    await createIntegration();
    for (const id of ["int_0123456789abcdefghjkmnpq", "int_x", "%00"]) {
      const { status } = await send(id, post());
      expect([id, status]).toEqual([id, 404]);
    }
    expect(meter.written).toBe(0);
    expect(sent).toEqual([]);
  });
});

describe("a browser", () => {
  it("runs nothing of a response that the owner wrote", async () => {
    const response = { status: 200, headers: { "content-type": "text/html" }, body: "<script>alert(1)</script>" };
    const { id } = await createIntegration({ name: "shop", type: "catch", response });
    const answer = await send(id, { method: "POST", body: BODY });
    expect(await answer.text()).toBe(response.body);
    expect(answer.headers.get("content-security-policy")).toBe("sandbox");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("runs nothing of a challenge that is returned", async () => {
    const auth = { type: "signature", scheme: "meta", secret: "app-secret", verify_token: "verify" } as const;
    const { id } = await createIntegration({ name: "pages", type: "catch", auth });
    const query = "?hub.mode=subscribe&hub.verify_token=verify&hub.challenge=%3Cscript%3E";
    const answer = await send(id, { method: "GET" }, query);
    expect(await answer.text()).toBe("<script>");
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("runs nothing of a refusal", async () => {
    const { id } = await createIntegration();
    const answer = await send(id, { method: "POST", body: "<script>alert(1)</script>" });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.text()).not.toContain("<script>");
  });
});
