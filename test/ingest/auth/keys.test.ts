import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { app } from "../../../src/app.ts";
import { contextOf, forgetContext } from "../../../src/context.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createIntegration, statusOf } from "../../support/api.ts";
import { bindingsWith, fakeQueue } from "../../support/bindings.ts";
import { ringOf } from "../../support/key-ring.ts";
import { tables } from "../../support/tables.ts";

// A sender must never pay for a gateway that cannot use its keys: most give up after a 401 or 403.

const BODY = JSON.stringify({ event_type: "create", Id: "disk", Title: "Disk full" });
const OTHER_KEY = new Uint8Array(32).fill(9).toBase64();
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const basic = (pair: string) => ({ authorization: `Basic ${btoa(pair)}` });

/** Each kind of credential, and headers that have it right. */
const KINDS = [
  ["token", { type: "token", token: "tok_0123456789abcdef" }, { "pagertree-token": "tok_0123456789abcdef" }, 200],
  ["basic", { type: "basic", username: "me", password: "pass phrase" }, basic("me:pass phrase"), 200],
  ["bearer", { type: "bearer", token: "tok_0123456789abcdef" }, { authorization: "Bearer tok_0123456789abcdef" }, 200],
  ["signature", { type: "signature", scheme: "standard-webhooks", secret: SECRET }, { "webhook-id": "msg_1" }, 401],
] as const;

let events = fakeQueue();

beforeEach(() => {
  events = fakeQueue();
});

async function send(id: unknown, headers: Readonly<Record<string, string>>, variables: object = {}): Promise<Response> {
  const bindings = { ...bindingsWith({ EVENTS: events.queue }), ...variables };
  return await app.request(`/integration/${String(id)}`, { method: "POST", body: BODY, headers }, bindings);
}

describe.each(KINDS)("a sender with %s", (_kind, auth, headers, usual) => {
  it("receives 503 while the keys are wrapped under another master key, and is judged again after that", async () => {
    const { id } = await createIntegration({ auth });
    forgetContext();
    for (const own of [headers, {}]) {
      const reply = await send(id, own, { MASTER_KEY: OTHER_KEY });
      expect(reply.status).toBe(503);
      expect(reply.headers.get("retry-after")).toBe("5");
    }
    expect(events.sent).toEqual([]);
    forgetContext();
    expect((await send(id, headers)).status).toBe(usual);
  });

  it("is judged as usual while the master key is rotated", async () => {
    const { id } = await createIntegration({ auth });
    forgetContext();
    const rotating = { MASTER_KEY: OTHER_KEY, MASTER_KEY_PREVIOUS: env.MASTER_KEY };
    expect((await send(id, headers, rotating)).status).toBe(usual);
    expect([401, 403]).toContain((await send(id, {}, rotating)).status);
  });

  it("receives 503 if the credential was stored with a key that is not on record", async () => {
    const { id } = await createIntegration({ auth });
    const foreign = {
      token_hash: await ringOf(9).hashToken("x"),
      sealed_secret: await ringOf(9).seal(SECRET, id),
    };
    const stored = JSON.parse(String(await tables.integrations.value("auth", { id })));
    const { token_hash, sealed_secret } = foreign;
    const changed = { ...stored, token_hash, password_hash: token_hash, sealed_secret };
    await tables.integrations.update({ id }, { auth: changed });
    forgetContext();
    expect((await send(id, headers)).status).toBe(503);
    expect((await send(id, {})).status).toBe(503);
  });
});

it("a rotated credential is accepted even if the one before cannot be compared", async () => {
  const { id } = await createIntegration({ auth: { type: "token", token: "tok_0123456789abcdef" } });
  const previous = [{ value: await ringOf(9).hashToken("old"), expires_at: "2100-01-01T00:00:00.000Z" }];
  const stored = JSON.parse(String(await tables.integrations.value("auth", { id })));
  await tables.integrations.update({ id }, { auth: { ...stored, previous } });
  forgetContext();
  expect((await send(id, { "pagertree-token": "tok_0123456789abcdef" })).status).toBe(200);
  expect((await send(id, { "pagertree-token": "tok_another" })).status).toBe(503);
});

describe("the API", () => {
  const call = async (token: string, path: string, variables: object) =>
    await app.request(
      `https://gate.example.net/api/v1${path}`,
      { headers: { authorization: `Bearer ${token}` } },
      { ...env, ...variables },
    );

  it("says what to set while the keys cannot be opened, and shows them to the administrator", async () => {
    const { token } = unwrap(await client.tokens.create({ name: "ci", scopes: ["read"] }));
    const json = unwrap(await client.keys.get());
    forgetContext();
    const refused = await call(token, "/integrations", { MASTER_KEY: OTHER_KEY });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining("MASTER_KEY_PREVIOUS") });
    const shown = await call(env.ADMIN_TOKEN, "/keys", { MASTER_KEY: OTHER_KEY });
    expect(await shown.json()).toMatchObject({
      previous: null,
      remaining: 4,
      data: [{ wrapped_under: [json.current] }, {}, {}, {}],
    });
    const rotate = { method: "POST", headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` } };
    const rotated = await app.request("https://gate.example.net/api/v1/keys/signing/rotate", rotate, {
      ...env,
      MASTER_KEY: OTHER_KEY,
    });
    expect(rotated.status).toBe(503);
    expect(await tables.keys.count()).toBe(4);
    forgetContext();
    expect((await call(token, "/integrations", {})).status).toBe(200);
  });

  it("lets a secret that cannot be opened be entered again", async () => {
    const { id } = unwrap(await client.destinations.create({ name: "d", url: "https://hooks.example.com/in" }));
    const sealed = await ringOf(9).seal(SECRET, id);
    await tables.destinations.update({ id }, { signing_secrets: [{ sealed, expires_at: null }] });
    const reply = await client.destinations.update(id, {
      signing: { scheme: "standard-webhooks", secret: SECRET },
    });
    expect(statusOf(reply)).toBe(200);
    const stored = JSON.parse(String(await tables.destinations.value("signing_secrets", { id })));
    expect(await contextOf(env).keys.unseal(stored[0].sealed, id)).toEqual({ ok: true, value: SECRET });
  });
});
