import { beforeEach, describe, expect, it } from "vitest";
import create from "../fixtures/pagertree-create.json";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { eventsIn, json, post } from "../support/posting.ts";
import { tables } from "../support/tables.ts";

const TOKEN = "quartz-lantern-0123456789";
const OPEN = "/integration/int_open";

let { queue, sent } = fakeQueue();
let bindings = bindingsWith({ EVENTS: queue });

beforeEach(async () => {
  ({ queue, sent } = fakeQueue());
  bindings = bindingsWith({ EVENTS: queue });
  await insertIntegrationRow({ id: "int_open" });
  await insertIntegrationRow({ id: "int_own", token: TOKEN, token_header: "X-Shared-Word" });
});

describe("stored headers", () => {
  const secret = "do-not-keep-me";

  it("hold no credentials", async () => {
    const headers = Object.fromEntries(
      [
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "X-Gitlab-Token",
        "X-Api-Key",
        "x-webhook-secret",
        "pagertree-token",
      ].map((name) => [name, secret]),
    );
    await post(bindings, OPEN, json(create, { ...headers, "x-hub-signature-256": "sha256=00" }));
    await post(bindings, "/integration/int_own", json(create, { "X-SHARED-WORD": TOKEN }));
    const [first, second] = eventsIn(sent);
    expect(JSON.stringify(sent)).not.toContain(secret);
    expect(JSON.stringify(sent)).not.toContain(TOKEN);
    expect(first?.content.request.headers).toMatchObject({
      authorization: "[redacted]",
      "x-gitlab-token": "[redacted]",
      "x-hub-signature-256": "sha256=00",
      "content-type": "application/json",
    });
    expect(second?.content.request.headers).toMatchObject({ "x-shared-word": "[redacted]" });
    expect(JSON.stringify(await tables.outbox.all())).not.toContain(secret);
  });

  it("hold no credential that another header repeats", async () => {
    const repeated = {
      referer: `https://gate.example/integration/int_own?key=${encodeURIComponent("quartz+lantern/0123")}`,
      "x-forwarded-authorization": "Bearer quartz+lantern/0123",
      "x-original-headers": '{"x-shared-word":"quartz-lantern-0123456789"}',
      "x-request-id": "quartz-lantern",
    };
    const credentials = { authorization: "Bearer quartz+lantern/0123", "x-shared-word": TOKEN, "x-api-key": "v1" };
    await post(bindings, "/integration/int_own", json(create, { ...repeated, ...credentials }));
    const kept = JSON.stringify(sent);
    for (const secret of [TOKEN, "quartz+lantern/0123", encodeURIComponent("quartz+lantern/0123")]) {
      expect(kept).not.toContain(secret);
    }
    expect(eventsIn(sent)[0]?.content.request.headers).toMatchObject({
      referer: "[redacted]",
      "x-forwarded-authorization": "[redacted]",
      "x-original-headers": "[redacted]",
      "x-request-id": "quartz-lantern",
      "content-type": "application/json",
    });
  });

  it("hold no hop-by-hop headers, and are bounded", async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`x-part-${i}`, "v".repeat(1_000)]));
    await post(
      bindings,
      OPEN,
      json(create, { ...many, te: "trailers", "cf-ray": "1", "cf-connecting-ip": "192.0.2.7", __proto__x: "1" }),
    );
    const headers = eventsIn(sent)[0]?.content.request.headers ?? {};
    expect(JSON.stringify(headers).length).toBeLessThan(20_000);
    expect(headers).not.toHaveProperty("te");
    expect(headers).not.toHaveProperty("cf-ray");
    expect(headers["cf-connecting-ip"]).toBe("192.0.2.7");
  });
});

describe("an idempotency key", () => {
  it.each([
    [{ "webhook-id": "msg_1", "svix-id": "msg_2" }, "webhook-id:msg_1"],
    [{ "svix-id": "msg_2" }, "svix-id:msg_2"],
    [{ "idempotency-key": "  ", "webhook-id": "msg_1" }, "webhook-id:msg_1"],
    [{ "idempotency-key": "k".repeat(256) }, `idempotency-key:${"k".repeat(256)}`],
    [{}, null],
  ])("of %j is %j", async (headers: Record<string, string>, repeatKey) => {
    await post(bindings, OPEN, json(create, headers));
    expect(eventsIn(sent)[0]?.repeat_key).toBe(repeatKey);
  });

  it("that is long is hashed", async () => {
    await post(bindings, OPEN, json(create, { "idempotency-key": "k".repeat(257) }));
    await post(bindings, OPEN, json(create, { "idempotency-key": "k".repeat(258) }));
    const keys = eventsIn(sent).map(({ repeat_key }) => repeat_key);
    expect(keys[0]).toMatch(/^idempotency-key:sha256:[0-9a-f]{64}$/);
    expect(new Set(keys).size).toBe(2);
  });
});
