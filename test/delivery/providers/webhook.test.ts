import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { METHODS } from "../../../src/model/destination.ts";
import { NEVER } from "../../fixtures/disputed-urls.ts";
import { fakeOutside } from "../../support/world.ts";
import { eventWith, sendTo } from "./stand.ts";

const URL_OF_RECEIVER = "https://receiver.example.com/in";

describe("a webhook", () => {
  it.each(METHODS)("goes out by %s where the destination says so", async (method) => {
    const fetch = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("ok"));
    const sent = await sendTo({ url: URL_OF_RECEIVER, method }, eventWith({ Host: "db-1" }));
    expect(sent.outcome).toMatchObject({ kind: "responded", status: 200 });
    expect(fetch).toHaveBeenCalledTimes(1);
    const [url, init] = fetch.mock.calls[0] ?? [];
    const request = new Request(String(url), init);
    expect([request.method, request.url, request.redirect]).toEqual([method, URL_OF_RECEIVER, "manual"]);
    if (method === "GET") expect(request.body).toBe(null);
    else expect(await request.json()).toMatchObject({ data: { event: { payload: { Host: "db-1" } } } });
  });

  it("names its gateway, whatever the destination's own headers say", async () => {
    const seen = fakeOutside();
    await sendTo({ url: URL_OF_RECEIVER, headers: { "hookgate-gateway": "another" } }, eventWith({}));
    expect(seen[0]?.headers.get("hookgate-gateway")).toBe(await contextOf(env).keys.gatewayId());
  });

  it("is not sent to an address that was stored before it was refused", async () => {
    const seen = fakeOutside();
    for (const url of ["", "nope", "ftp://receiver.example.com", "https://a:b@receiver.example.com/", ...NEVER]) {
      const sent = await sendTo({ url }, eventWith({}));
      expect(sent).toMatchObject({ outcome: { kind: "refused" }, response_body: null, duration_ms: 0 });
      expect(sent.error).toMatch(/^The address is not allowed: /);
    }
    expect(seen).toEqual([]);
  });
});
