import { describe, expect, it, vi } from "vitest";
import { createClient, describeFailure } from "../../src/client/index.ts";
import { fakeGateway, problem } from "./fake-gateway.ts";

describe("a request", () => {
  it("has the method, the path, the token and the body of its operation", async () => {
    const { client, sent } = fakeGateway([Response.json({ id: "rte_1" }, { status: 201 })]);
    const made = await client.routes.create({ name: "a", destination_ids: ["dst_1"] });
    expect(made).toMatchObject({ ok: true, status: 201, data: { id: "rte_1" } });
    expect(sent).toEqual([expect.objectContaining({ method: "POST", url: "https://gate.example.net/api/v1/routes" })]);
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ name: "a", destination_ids: ["dst_1"] });
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toMatchObject({
      authorization: "Bearer t0ken",
      "content-type": "application/json",
    });
  });

  it("is written, and its response read, by the JSON of the caller", async () => {
    const json = { parse: () => "read", stringify: () => "written" };
    const { client, sent } = fakeGateway([new Response("{}", { status: 201 }), problem(400)], { json });
    const made = await client.routes.create({ name: "a", destination_ids: ["dst_1"] });
    expect([sent[0]?.body, made]).toMatchObject(["written", { ok: true, data: "read" }]);
    // What is no problem any more is unexpected.
    expect(await client.routes.get("rte_1")).toMatchObject({ ok: false, error: { kind: "unexpected", status: 400 } });
  });

  it("carries an idempotency key and the headers of the caller", async () => {
    const { client, sent } = fakeGateway([Response.json({})]);
    await client.destinations.test("dst_1", {}, { idempotency_key: "k1", headers: { "x-trace": "7" } });
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toMatchObject({ "idempotency-key": "k1", "x-trace": "7" });
  });

  it("has the caller's headers in place of its own, in any case", async () => {
    const { client, sent } = fakeGateway([Response.json({})]);
    await client.destinations.test(
      "dst_1",
      {},
      { headers: { Authorization: "Bearer other", "Content-Type": "text/plain" } },
    );
    expect(Object.fromEntries(sent[0]?.headers ?? [])).toEqual({
      authorization: "Bearer other",
      "content-type": "text/plain",
    });
  });

  it("is not made with a token that no header can hold", async () => {
    const { client, sent } = fakeGateway([], { token: "a\nb" });
    await expect(client.events.list()).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });

  it("has neither a token, nor a body or its type, if there are none", async () => {
    const { client, sent } = fakeGateway([Response.json({})], { token: undefined });
    await client.destinations.test("dst_1");
    expect(sent[0]?.body).toBe("");
    expect([...(sent[0]?.headers.keys() ?? [])]).toEqual([]);
  });

  it("leaves parameters that are undefined out of the query", async () => {
    const { client, sent } = fakeGateway([Response.json({ data: [], next_cursor: null })]);
    await client.events.list({ type: "alert.created", unrouted: true, limit: 5 });
    expect(sent[0]?.url).toBe("https://gate.example.net/api/v1/events?type=alert.created&unrouted=true&limit=5");
  });

  it("has an encoded path", async () => {
    const { client, sent } = fakeGateway([new Response("x")]);
    await client.destinations.documents.get("dst_1", "a/b c?.txt");
    expect(sent[0]?.url).toBe("https://gate.example.net/api/v1/destinations/dst_1/documents/a%2Fb%20c%3F.txt");
  });

  it.each(["", ".", ".."])("is not made for the id %j, which would lead to another path", async (id) => {
    const { client, sent } = fakeGateway([]);
    await expect(client.destinations.delete(id)).rejects.toThrow(TypeError);
    expect(sent).toEqual([]);
  });

  it("follows no redirect: the token must not go elsewhere", async () => {
    const { client, sent } = fakeGateway([Response.redirect("https://elsewhere.example.com/", 302)]);
    expect(await client.ruleSets.list()).toMatchObject({ ok: false, error: { kind: "unexpected", status: 302 } });
    expect(sent).toMatchObject([{ redirect: "manual" }]);
  });

  it("goes through the platform's fetch, to the origin of the page without a base URL", async () => {
    const fetch = vi.spyOn(globalThis, "fetch").mockResolvedValueOnce(Response.json({ status: "ok" }));
    const client = createClient({ base_url: "" });
    expect(await client.gateway.getHealth()).toMatchObject({ ok: true, data: { status: "ok" } });
    expect(fetch.mock.calls[0]?.[0]).toBe("/health");
    fetch.mockRestore();
  });

  it("has one slash between base URL and path", async () => {
    const { client, sent } = fakeGateway([Response.json({})], { base_url: "https://gate.example.net/hooks//" });
    await client.reconciliation.get();
    expect(sent[0]?.url).toBe("https://gate.example.net/hooks/api/v1/reconciliation");
  });
});

describe("a response", () => {
  it("without a body has the data null", async () => {
    const { client } = fakeGateway([new Response(null, { status: 204 })]);
    expect(await client.routes.delete("rte_1")).toMatchObject({ ok: true, status: 204, data: null });
  });

  it("that is not JSON in the document is bytes", async () => {
    const bytes = Uint8Array.of(0, 255, 123);
    const { client } = fakeGateway([new Response(bytes)]);
    expect(await client.destinations.documents.get("dst_1", "k")).toMatchObject({ ok: true, data: bytes });
  });

  it("has its headers", async () => {
    const { client } = fakeGateway([Response.json({}, { headers: { "idempotency-replayed": "true" } })]);
    const result = await client.alerts.resolve("alr_1", { idempotency_key: "k" });
    expect(result.ok && result.headers.get("idempotency-replayed")).toBe("true");
  });

  it("has a status by which its data is known", async () => {
    const { client } = fakeGateway([Response.json({ dry_run: true, count: 3 }), Response.json({}, { status: 201 })]);
    const estimate = await client.replays.create({ filter: { status: "dead" } });
    expect(estimate.ok && estimate.status === 200 && estimate.data.count).toBe(3);
    expect(await client.replays.create({ filter: { status: "dead" }, dry_run: false })).toMatchObject({ status: 201 });
  });
});

describe("a failure", () => {
  it("that the gateway describes is a problem, with each wrong field", async () => {
    const errors = [{ path: "destination_ids[0]", message: "is not known" }];
    const { client } = fakeGateway([problem(400, { errors }, { "x-a": "b" })]);
    const result = await client.routes.create({ name: "a", destination_ids: ["dst_nope"] });
    expect(result).toMatchObject({ ok: false, error: { kind: "problem", status: 400, problem: { errors } } });
    expect(!result.ok && result.error.kind === "problem" && result.error.headers.get("x-a")).toBe("b");
  });

  it.each([
    [
      "a page of a proxy",
      new Response("<h1>Bad gateway</h1>", { status: 502, headers: { "content-type": "text/html" } }),
    ],
    ["JSON that is not a problem", Response.json({ message: "no" }, { status: 502 })],
    [
      "a problem that is not one",
      new Response("{}", { status: 502, headers: { "content-type": "application/problem+json" } }),
    ],
  ])("with %s is unexpected, with its text", async (_, response) => {
    const text = await response.clone().text();
    const { client } = fakeGateway([response]);
    expect(await client.events.get("evt_1")).toMatchObject({
      ok: false,
      error: { kind: "unexpected", status: 502, text },
    });
  });

  it.each([
    ["a status that the operation does not have", Response.json({ id: "evt_1" }, { status: 202 })],
    ["success without the JSON that it must have", new Response("<html>")],
    ["success without a body", new Response("")],
  ])("is %s", async (_, response) => {
    const { client } = fakeGateway([response]);
    expect(await client.events.get("evt_1")).toMatchObject({ ok: false, error: { kind: "unexpected" } });
  });

  it("of the network is a value with the message and its cause", async () => {
    const cause = new Error("connect ECONNREFUSED 127.0.0.1:8787");
    const { client } = fakeGateway([new TypeError("fetch failed", { cause })]);
    expect(await client.events.get("evt_1")).toEqual({
      ok: false,
      error: { kind: "network", reason: "failed", message: "fetch failed: connect ECONNREFUSED 127.0.0.1:8787" },
    });
  });

  it("is a connection that breaks within the body", async () => {
    const body = new ReadableStream({
      pull(controller) {
        controller.error(new Error("connection lost"));
      },
    });
    const { client } = fakeGateway([new Response(body)]);
    expect(await client.events.get("evt_1")).toMatchObject({ error: { kind: "network", message: "connection lost" } });
  });

  it("is a time-out, even of a fetch that ignores its signal", async () => {
    const { client } = fakeGateway(["silence", "silence"], { timeout_ms: 5 });
    const expected = { kind: "network", reason: "timed_out", message: "The call took longer than 5 ms." };
    expect(await client.events.get("evt_1")).toEqual({ ok: false, error: expected });
    expect(await client.events.get("evt_1", {}, { timeout_ms: 1 })).toMatchObject({ error: { reason: "timed_out" } });
  });

  it("is a call that its caller aborts, before or after it begins", async () => {
    const { client } = fakeGateway(["silence", "silence"]);
    const controller = new AbortController();
    const pending = client.events.get("evt_1", {}, { signal: controller.signal });
    controller.abort();
    const aborted = { ok: false, error: { kind: "network", reason: "aborted", message: "The call was aborted." } };
    expect(await pending).toEqual(aborted);
    expect(await client.events.get("evt_1", {}, { signal: AbortSignal.abort() })).toEqual(aborted);
  });

  it("is described in one line", () => {
    const errors = [
      { path: "name", message: "is required" },
      { path: "", message: "is not JSON" },
    ];
    const body = {
      type: "about:blank",
      code: "invalid_body",
      title: "The body was not accepted.",
      status: 400,
      detail: "See errors.",
    } as const;
    const headers = new Headers();
    expect(describeFailure({ kind: "problem", status: 400, problem: { ...body, errors }, headers })).toBe(
      "400 The body was not accepted.; See errors.; name is required; the body is not JSON",
    );
    expect(describeFailure({ kind: "unexpected", status: 502, text: "<html>", headers })).toBe(
      "The gateway returned 502 with a body that is not part of its API.",
    );
  });
});
