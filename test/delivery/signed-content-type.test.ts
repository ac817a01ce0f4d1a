import { afterEach, expect, it, vi } from "vitest";
import { httpbis } from "http-message-signatures";
import { env } from "cloudflare:workers";
import { makeAttempt } from "../../src/delivery/attempt.ts";
import { isolateOf } from "../../src/isolate.ts";
import { ok } from "../../src/model/result.ts";
import { destinationWith } from "../support/configuration.ts";
import { createWorld, fakeOutside } from "../support/world.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

async function attempt(headers: Readonly<Record<string, string>>, content_type: string) {
  const destination = destinationWith({ headers, signing: { scheme: "rfc9421", algorithm: "ed25519" } });
  return await makeAttempt(createWorld().tools, {
    delivery_id: "dlv_1",
    destination,
    number: 1,
    event: {
      id: "evt_1",
      integration_id: "int_1",
      received_at: "2026-11-01T00:00:00.000Z",
      type: "event.received",
      alert: null,
      content: {
        kind: "webhook",
        request: { method: "POST", query: "", headers: {}, body: "{}", body_encoding: "utf8" },
        signal: { action: "receive", note: null },
      },
    },
    body: ok({ bytes: new TextEncoder().encode("{}"), content_type }),
  });
}

const headerCases: readonly [Readonly<Record<string, string>>, string][] = [
  [{}, "application/json"],
  [{}, " text/plain;  charset=utf-8 "],
  [{ "content-type": "application/x-mine" }, "application/json"],
  [{ "content-type": "  application/x-mine;  a=b  " }, "application/json"],
];

it.each(headerCases)(
  "the content type that is sent is the one that is signed: %j over %j",
  async (headers, content_type) => {
    const seen = fakeOutside();
    expect((await attempt(headers, content_type)).attempt.error).toBe(null);
    const sent = Object.fromEntries(seen[0]?.headers ?? []);
    expect(sent["content-type"]).toBe((headers["content-type"] ?? content_type).trim());
    const { public_key } = await isolateOf(env).keys.gatewayKey();
    const key = await crypto.subtle.importKey("raw", public_key, { name: "Ed25519" }, false, ["verify"]);
    const verified = await httpbis.verifyMessage(
      {
        keyLookup: () =>
          Promise.resolve({
            id: "gateway",
            verify: (data, signature) => crypto.subtle.verify({ name: "Ed25519" }, key, signature, data),
          }),
        requiredFields: ["content-type"],
      },
      { method: "POST", url: seen[0]?.url ?? "", headers: sent },
    );
    expect(verified).toBe(true);
  },
);

it("a content type that cannot be signed is not sent, and the log says why", async () => {
  const seen = fakeOutside();
  const { attempt: made } = await attempt({ "content-type": "text/plain; name=é" }, "application/json");
  expect(seen).toEqual([]);
  expect(made.error).toContain("content-type");
});
