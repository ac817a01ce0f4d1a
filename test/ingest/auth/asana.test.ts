import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { app } from "../../../src/app.ts";
import { unwrap } from "../../../src/client/index.ts";
import { forgetContext } from "../../../src/context.ts";
import { client, createIntegration, statusOf, unchecked } from "../../support/api.ts";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";
import { bytesOf, macOf } from "../../support/signers.ts";
import { tables } from "../../support/tables.ts";

let { queue, sent } = fakeQueue();
let bindings = bindingsWith({});

beforeEach(() => {
  ({ queue, sent } = fakeQueue());
  bindings = bindingsWith({ EVENTS: queue });
});

const TOKEN = "verify me & more";
const QUERY = `?verify_token=${encodeURIComponent(TOKEN)}`;
const KEY = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81";
const EVENTS = '{"events":[{"action":"changed","resource":{"gid":"1","resource_type":"task"}}]}';

async function create(auth: object = {}): Promise<string> {
  const scheme = { type: "signature", scheme: "asana", verify_token: TOKEN, ...auth };
  return (await createIntegration({ type: "catch", auth: unchecked(scheme) })).id;
}

async function post(id: string, path: string, headers: Record<string, string>, body = ""): Promise<Response> {
  const length = String(bytesOf(body).byteLength);
  const init = { method: "POST", body, headers: { "content-length": length, ...headers } };
  return await app.request(`https://gate.example.net/integration/${id}${path}`, init, bindings);
}

const shake = (id: string, key = KEY, query = QUERY, body = ""): Promise<Response> =>
  post(id, query, { "x-hook-secret": key }, body);

async function sendEvents(id: string, key = KEY, query = QUERY): Promise<Response> {
  const signature = (await macOf("SHA-256", bytesOf(key), bytesOf(EVENTS))).toHex();
  return await post(id, query, { "content-type": "application/json", "x-hook-signature": signature }, EVENTS);
}

async function codeOf(response: Response): Promise<readonly [number, unknown]> {
  const { code } = unchecked(await response.json());
  return [response.status, code];
}

async function authOf(id: string): Promise<object> {
  return unwrap(await client.integrations.get(id)).auth;
}

async function audited(id: string): Promise<readonly object[]> {
  const { data } = unwrap(await client.audit.list({ kind: "integration" }));
  return data.filter(({ target, action }) => target.id === id && action === "integration.key_learned");
}

describe("an integration with the scheme asana", () => {
  it("learns the key of the handshake, gives it back, and verifies events with it", async () => {
    const id = await create();
    expect(await codeOf(await sendEvents(id))).toEqual([401, "bad_signature"]);
    const response = await shake(id);
    expect([response.status, response.headers.get("x-hook-secret"), await response.text()]).toEqual([200, KEY, ""]);
    expect((await sendEvents(id)).status).toBe(200);
    expect(await codeOf(await sendEvents(id, "another key"))).toEqual([401, "bad_signature"]);
    expect(sent).toHaveLength(1);
    expect(await authOf(id)).toEqual({ type: "signature", scheme: "asana" });
    expect(await audited(id)).toMatchObject([{ actor: "gateway", after: { auth: { secret: "set" } } }]);
  });

  it("keeps neither its token nor its key, also if a header repeats them", async () => {
    const id = await create();
    await shake(id);
    const url = `https://gate.example.net/integration/${id}`;
    const repeated = {
      referer: `${url}${QUERY}`,
      "x-original-uri": `/integration/${id}?verify_token=verify+me+%26+more`,
      "x-raw": TOKEN,
      "x-hook-secret": KEY,
      "x-first": `key=${KEY}`,
    };
    const signature = (await macOf("SHA-256", bytesOf(KEY), bytesOf(EVENTS))).toHex();
    const headers = { "content-type": "application/json", "x-hook-signature": signature };
    expect((await post(id, QUERY, { ...headers, ...repeated }, EVENTS)).status).toBe(200);
    const kept = JSON.stringify(sent);
    for (const secret of [TOKEN, "verify+me", "verify%20me", KEY]) expect(kept).not.toContain(secret);
    expect(kept).toContain(signature);
  });

  it("says before that there is no key yet", async () => {
    expect(await (await sendEvents(await create())).json()).toMatchObject({
      status: 401,
      detail: expect.stringContaining("no key yet"),
    });
  });

  it("is known to the whole gateway: another isolate verifies with the key", async () => {
    const id = await create();
    await shake(id);
    forgetContext();
    expect((await sendEvents(id)).status).toBe(200);
  });

  it.each([
    ["no token", ""],
    ["an empty token", "?verify_token="],
    ["another token", "?verify_token=other"],
    ["the token under another name", `?token=${encodeURIComponent(TOKEN)}`],
    ["the token behind another", `?verify_token=other&verify_token=${encodeURIComponent(TOKEN)}`],
  ])("learns nothing with %s", async (_, query) => {
    const id = await create();
    const response = await shake(id, KEY, query);
    expect(response.headers.has("x-hook-secret")).toBe(false);
    expect(await codeOf(response)).toEqual([403, "bad_token"]);
    expect((await sendEvents(id)).status).toBe(401);
    expect(await audited(id)).toEqual([]);
  });

  it("generates the token if none is given, and shows it once", async () => {
    const { id, auth } = await createIntegration({ type: "catch", auth: { type: "signature", scheme: "asana" } });
    const token = "verify_token" in auth ? auth.verify_token : undefined;
    expect(token).toMatch(/^tok_[\w-]{43}$/);
    expect((await shake(id, KEY, `?verify_token=${token}`)).status).toBe(200);
  });

  it("answers the same handshake again, and refuses one with another key", async () => {
    const id = await create();
    await shake(id);
    expect((await shake(id)).status).toBe(200);
    const other = await shake(id, "another");
    expect(other.headers.has("x-hook-secret")).toBe(false);
    expect(await codeOf(other)).toEqual([409, "key_already_known"]);
    expect((await sendEvents(id)).status).toBe(200);
    expect(await audited(id)).toHaveLength(1);
  });

  it("lets one of two handshakes at once win", async () => {
    const id = await create();
    const keys = ["one", "two", "three", "four"];
    const responses = await Promise.all(keys.map((key) => shake(id, key)));
    const won = keys.filter((_, index) => responses[index]?.status === 200);
    expect(won).toHaveLength(1);
    expect(responses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409]);
    expect((await sendEvents(id, won[0])).status).toBe(200);
    for (const key of keys) if (key !== won[0]) expect((await sendEvents(id, key)).status).toBe(401);
    expect(await audited(id)).toHaveLength(1);
  });

  it.each(["", "x".repeat(1_025), "a b", "<b>\u00e9"])("learns no key that it cannot give back: %j", async (key) => {
    const id = await create();
    const response = await shake(id, key);
    expect(response.headers.has("x-hook-secret")).toBe(false);
    expect(response.status).toBe(400);
    expect((await shake(id, "x".repeat(1_024))).status).toBe(200);
  });

  it("learns from an unsigned request with an empty body only", async () => {
    const id = await create();
    expect((await shake(id, KEY, QUERY, EVENTS)).status).toBe(401);
    const both = await post(id, QUERY, { "x-hook-secret": KEY, "x-hook-signature": "0".repeat(64) });
    expect(both.status).toBe(401);
    expect((await shake(id, KEY, QUERY, "{}")).status).toBe(200);
  });

  it("does not learn while it is disabled, or from an address that is not allowed", async () => {
    const id = await create();
    unwrap(await client.integrations.update(id, { enabled: false }));
    expect((await shake(id)).status).toBe(410);
    unwrap(await client.integrations.update(id, { enabled: true, allowed_ips: ["192.0.2.1"] }));
    expect((await shake(id)).status).toBe(403);
    expect(await audited(id)).toEqual([]);
  });

  it("has the key of a webhook that exists, if one is given", async () => {
    const id = await create({ secret: KEY });
    expect((await sendEvents(id)).status).toBe(200);
    expect(await codeOf(await shake(id, "another"))).toEqual([409, "key_already_known"]);
  });

  it("keeps the key through other changes; null forgets it", async () => {
    const id = await create();
    await shake(id);
    const auth = { type: "signature", scheme: "asana" } as const;
    unwrap(await client.integrations.update(id, { auth, name: "renamed" }));
    expect((await sendEvents(id)).status).toBe(200);
    unwrap(await client.integrations.update(id, { auth: { ...auth, secret: null } }));
    expect((await sendEvents(id)).status).toBe(401);
    expect((await shake(id, "the-next")).status).toBe(200);
    expect((await sendEvents(id, "the-next")).status).toBe(200);
    expect((await sendEvents(id)).status).toBe(401);
  });

  it("keeps the token and the key out of everything that is stored or logged", async () => {
    const lines = vi.spyOn(console, "log");
    const warnings = vi.spyOn(console, "warn");
    const id = await create();
    await shake(id);
    await sendEvents(id, KEY, `?a=1&verify%5Ftoken=${encodeURIComponent(TOKEN)}&b=2`);
    await sendEvents(id, "wrong");
    const row = await tables.integrations.first({ id });
    const written = JSON.stringify([sent, row, await audited(id), lines.mock.calls, warnings.mock.calls]);
    expect(written).not.toContain("verify me");
    expect(written).not.toContain("verify%20me");
    expect(written).not.toContain(KEY);
    expect(JSON.stringify(sent)).toContain("a=1&b=2");
  });

  it("is 503 while the key cannot be stored, and learns it later", async () => {
    const id = await create();
    const failing = vi.spyOn(env.DB, "batch").mockRejectedValue(new Error("down"));
    vi.spyOn(console, "warn").mockImplementation(() => {});
    expect((await shake(id)).status).toBe(503);
    failing.mockRestore();
    expect((await shake(id)).status).toBe(200);
  });
});

it("needs no secret when it is created, and takes null for none; other schemes do not", async () => {
  for (const secret of [{}, { secret: null }, { secret: "s3cret" }]) {
    const auth = { type: "signature", scheme: "asana", ...secret };
    const created = await createIntegration({ auth: unchecked(auth) });
    expect(unchecked(created.auth)["secret"]).toBe(secret.secret ?? undefined);
  }
  const refused = { type: "signature", scheme: "github", secret: null };
  expect(statusOf(await client.integrations.create({ name: "a", type: "catch", auth: unchecked(refused) }))).toBe(400);
});

it("other schemes store no key", async () => {
  const { id } = await createIntegration({ type: "catch" });
  expect((await shake(id)).headers.get("x-hook-secret")).toBe(KEY);
  expect((await shake(id, "another")).headers.get("x-hook-secret")).toBe("another");
  expect(await authOf(id)).toEqual({ type: "none" });
});
