import { describe, expect, it } from "vitest";
import { NOW_MS, fakeGateway, problem } from "./fake-gateway.ts";

const page = () => Response.json({ data: [], next_cursor: null });
const busy = (retryAfter?: string, status = 503) =>
  problem(status, {}, retryAfter === undefined ? {} : { "retry-after": retryAfter });

describe("a retry", () => {
  it("is not made unless the caller asks for it", async () => {
    const { client, sent } = fakeGateway([busy("1")]);
    expect(await client.events.list()).toMatchObject({ ok: false, error: { status: 503 } });
    expect(sent).toHaveLength(1);
  });

  it("waits as long as the gateway asks for, in seconds or until a date", async () => {
    const date = new Date(NOW_MS + 9_000).toUTCString();
    const script = [busy("7"), busy(date, 429), busy("0"), page()];
    const { client, waits } = fakeGateway(script, { max_retries: 3 });
    expect(await client.events.list()).toMatchObject({ ok: true });
    expect(waits).toEqual([7_000, 9_000, 0]);
  });

  it("doubles its wait if the gateway does not say", async () => {
    const { client, waits } = fakeGateway([busy(), busy("soon"), busy(""), page()], { max_retries: 5 });
    expect(await client.events.list()).toMatchObject({ ok: true });
    expect(waits).toEqual([1_000, 2_000, 4_000]);
  });

  it("ends with the last response after as many as were asked for", async () => {
    const { client, sent } = fakeGateway([busy("1"), busy("1"), busy("1", 429)], { max_retries: 5 });
    expect(await client.events.list({}, { max_retries: 2 })).toMatchObject({ error: { kind: "problem", status: 429 } });
    expect(sent).toHaveLength(3);
  });

  it("is not made if the gateway asks for more than a minute", async () => {
    const { client, waits } = fakeGateway([busy("61")], { max_retries: 3 });
    expect(await client.events.list()).toMatchObject({ error: { status: 503 } });
    expect(waits).toEqual([]);
  });

  it.each([400, 404, 409, 500, 502])("is not made after %i", async (status) => {
    const { client, sent } = fakeGateway([problem(status, {}, { "retry-after": "1" })], { max_retries: 3 });
    expect(await client.events.list()).toMatchObject({ error: { status } });
    expect(sent).toHaveLength(1);
  });

  it("is made after 503 of a proxy, too", async () => {
    const { client } = fakeGateway([new Response("busy", { status: 503 }), page()], { max_retries: 1 });
    expect(await client.events.list()).toMatchObject({ ok: true });
  });

  it("is not made after a failure of the network: nobody knows whether the request arrived", async () => {
    const { client, sent } = fakeGateway([new Error("reset")], { max_retries: 3 });
    expect(await client.events.list()).toMatchObject({ error: { kind: "network" } });
    expect(sent).toHaveLength(1);
  });

  it("sends the same body and key again", async () => {
    const { client, sent } = fakeGateway([busy("1"), Response.json({}, { status: 201 })], { max_retries: 1 });
    const body = { name: "t", scopes: ["read"] } as const;
    expect(await client.tokens.create(body, { idempotency_key: "k" })).toMatchObject({ status: 201 });
    expect(sent.map((each) => [JSON.parse(each.body), each.headers.get("idempotency-key")])).toEqual([
      [body, "k"],
      [body, "k"],
    ]);
  });

  it("is not made of a POST without a key, nor of a PATCH: each would happen twice", async () => {
    const { client, sent } = fakeGateway([busy("1"), busy("1")], { max_retries: 3 });
    await client.tokens.create({ name: "t", scopes: ["read"] });
    await client.tokens.update("tok_1", { name: "u" });
    expect(sent).toHaveLength(2);
  });

  it("ends with the call: its time-out and its signal count while it waits", async () => {
    const forever = () => new Promise<never>(() => undefined);
    const controller = new AbortController();
    const sleep = async (): Promise<void> => {
      controller.abort();
      await forever();
    };
    const one = fakeGateway([busy("1")], { max_retries: 1, sleep });
    expect(await one.client.events.list({}, { signal: controller.signal })).toMatchObject({
      error: { reason: "aborted" },
    });
    const other = fakeGateway([busy("1")], { max_retries: 1, sleep: forever, timeout_ms: 20 });
    expect(await other.client.events.list()).toMatchObject({ error: { reason: "timed_out" } });
  });

  it("waits by the platform's timer without a replacement", async () => {
    const { client } = fakeGateway([busy("0"), page()], { max_retries: 1, sleep: undefined, now: undefined });
    expect(await client.events.list()).toMatchObject({ ok: true });
  });
});
