import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { describe, expect, it, vi } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { processEvents } from "../../../src/pipeline/process-events.ts";
import {
  DESTINATION_SECRET,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  processBatch,
  storedEvents,
} from "../../support/world.ts";
import { storeLarge } from "../../support/deliveries.ts";
import { type DestinationTestRequest, unwrap } from "../../../src/client/index.ts";
import { client, createDestination, faultsOf, request, statusOf, textOf, unchecked } from "../../support/api.ts";

const ID = "dst_0000000000000000000000000001";

async function test(id: string, body?: DestinationTestRequest) {
  return await client.destinations.test(id, body);
}

describe("a test of a destination", () => {
  it("sends a signed event of the type test, with a sample of an alert, and tells all that came of it", async () => {
    await insertDestination(ID);
    const seen = fakeOutside();
    const reply = await test(ID);
    expect(statusOf(reply)).toBe(200);
    expect(unwrap(reply)).toEqual({
      ok: true,
      status: 200,
      duration_ms: expect.any(Number),
      response_body: "ok",
      error: null,
      hint: null,
    });
    expect(seen).toHaveLength(1);
    const [sent] = seen;
    new Webhook(DESTINATION_SECRET).verify(sent?.body ?? "", Object.fromEntries(sent?.headers ?? []));
    expect(JSON.parse(sent?.body ?? "")).toMatchObject({
      type: "test",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      data: {
        event: { id: expect.stringMatching(/^evt_/), kind: "test", payload: { Id: "hookgate-test" } },
        alert: { id: expect.stringMatching(/^alr_/), key: "hookgate-test", status: "open", dedup_count: 0 },
      },
    });
  });

  it("has a webhook-id of its own each time", async () => {
    await insertDestination(ID);
    const seen = fakeOutside();
    for (const body of [undefined, {}, undefined]) await test(ID, body);
    const ids = seen.map(({ headers }) => headers.get("webhook-id"));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^dlv_[0-9a-z]+$/);
  });

  it("goes the way of a delivery: method, headers, template", async () => {
    const made = await createDestination({
      method: "PUT",
      headers: { "x-team": "ops" },
      payload: { mode: "template", content_type: "text/plain", body: "{{ type }}: {{ data.alert.title }} ({{ Id }})" },
    });
    const fetch = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("ok"));
    expect(unwrap(await test(made.id)).ok).toBe(true);
    const request = new Request(String(fetch.mock.calls[0]?.[0]), fetch.mock.calls[0]?.[1]);
    expect([request.method, request.headers.get("x-team"), request.headers.get("content-type")]).toEqual([
      "PUT",
      "ops",
      "text/plain",
    ]);
    expect(await request.text()).toBe("test: Test: disk almost full on db-1 (hookgate-test)");
  });

  it("can be made with what an event on record holds, also one that is kept in R2", async () => {
    await insertDestination(ID);
    const world = createWorld();
    const small = eventMessage("create", "disk", { title: "From the record" });
    await processBatch(world.context, [small]);
    const { message: large, reference } = await storeLarge();
    const { finish } = await processEvents(world.context, [{ message: large, stored_at: reference.stored_at }]);
    await finish();
    const seen = fakeOutside();
    for (const event of [small, large]) expect(unwrap(await test(ID, { event_id: event.id })).ok).toBe(true);
    const [first, second] = seen.map(({ body }): unknown => JSON.parse(body));
    expect(first).toMatchObject({
      type: "test",
      data: { event: { id: small.id, payload: { Id: "disk" } }, alert: { title: "From the record" } },
    });
    const filler = expect.stringMatching(/^x{150000}$/);
    expect(second).toMatchObject({ type: "test", data: { event: { id: large.id, payload: { filler } } } });
    await env.BODIES.delete(reference.stored_at);
    expect(faultsOf(await test(ID, { event_id: large.id }))).toEqual(["event_id"]);
    expect(await storedEvents()).toHaveLength(2);
  });

  it("is refused with an event that there is not, and with fields that it does not know", async () => {
    await insertDestination(ID);
    const seen = fakeOutside();
    for (const [body, path] of [
      [{ event_id: "evt_0" }, "event_id"],
      [{ event_id: 5 }, "event_id"],
      [{ event_id: "x".repeat(101) }, "event_id"],
      [{ nope: 1 }, "nope"],
    ] as const) {
      const reply = await test(ID, unchecked(body));
      expect([statusOf(reply), faultsOf(reply)]).toEqual([400, [path]]);
    }
    expect(statusOf(await test("dst_0"))).toBe(404);
    expect((await request(`/destinations/${ID}/test`)).status).toBe(405);
    expect(seen).toEqual([]);
  });

  it("leaves no trace: a 410 turns nothing off, and no event or delivery is recorded", async () => {
    await insertDestination(ID);
    await insertRoute("rte_1", [ID], ["test"]);
    fakeOutside(() => new Response("", { status: 410 }));
    const reply = await test(ID);
    expect(unwrap(reply)).toMatchObject({ ok: false, status: 410, hint: expect.stringContaining("disable it") });
    expect(unwrap(await client.destinations.get(ID))).toMatchObject({ enabled: true, disabled_reason: null });
    expect(await storedEvents()).toEqual([]);
    expect(contextOf(env).caches.health.isHealthy(ID)).toBe(true);
  });

  it("works on a destination that is turned off", async () => {
    const made = await createDestination({ enabled: false });
    const seen = fakeOutside();
    expect(unwrap(await test(made.id)).ok).toBe(true);
    expect(seen).toHaveLength(1);
  });

  it("is refused where it is this gateway itself that asks, so that no destination tests itself without end", async () => {
    await insertDestination(ID);
    const seen = fakeOutside();
    const own = { "hookgate-gateway": await contextOf(env).keys.gatewayId() };
    expect(statusOf(await client.destinations.test(ID, {}, { headers: own }))).toBe(400);
    expect(statusOf(await client.destinations.test(ID, {}, { headers: { "hookgate-gateway": "other" } }))).toBe(200);
    expect(seen).toHaveLength(1);
  });
});

describe("a hint", () => {
  const words: readonly [number, string][] = [
    [401, "`auth`"],
    [404, "URL"],
    [410, "disable it"],
    [520, "closed the connection"],
    [521, "refuses connections"],
    [522, "cannot be reached"],
    [523, "DNS record"],
    [524, "did not respond in time"],
    [525, "TLS handshake"],
    [526, "certificate"],
    [530, "host name was not found"],
    [418, "200 to 299"],
    [500, "internal error"],
  ];

  it.each(words)("for %i speaks of %s", async (status, hint) => {
    await insertDestination(ID);
    fakeOutside(() => new Response("no", { status }));
    expect(unwrap(await test(ID))).toMatchObject({
      ok: false,
      status,
      response_body: "no",
      error: `The destination responded with status ${status}.`,
      hint: expect.stringContaining(hint),
    });
  });

  it.each([301, 302, 303, 307, 308])("for %i tells where it leads, and nobody goes there", async (status) => {
    await insertDestination(ID);
    const seen = fakeOutside(() => new Response("", { status, headers: { location: "/elsewhere?a=1" } }));
    const json = unwrap(await test(ID));
    expect(json).toMatchObject({ ok: false, status });
    expect(json.hint).toMatch(/never followed.*https:\/\/receiver\.example\.com\/elsewhere\?a=1$/);
    expect(seen).toHaveLength(1);
  });

  it.each(["javascript:alert(1)", `https://x.example.com/${"a".repeat(3_000)}`, "http://["])(
    "for a redirect does not repeat what is no address to save, such as %s",
    async (location) => {
      await insertDestination(ID);
      fakeOutside(() => new Response("", { status: 302, headers: { location } }));
      expect(unwrap(await test(ID)).hint).toMatch(/see its Location header$/);
    },
  );

  it("for a time-out speaks of timeout_ms, for other failures of name, port and certificate", async () => {
    await insertDestination(ID, { timeout_ms: 1_234 });
    const controller = new AbortController();
    vi.spyOn(AbortSignal, "timeout").mockReturnValue(controller.signal);
    fakeOutside(() => {
      controller.abort(new DOMException("The operation timed out", "TimeoutError"));
      throw new Error("hunter2");
    });
    // The client has a time-out of its own, which the spy would end, too.
    const late = JSON.parse((await request(`/destinations/${ID}/test`, { method: "POST" })).text);
    expect(late).toMatchObject({ ok: false, status: null, hint: expect.stringContaining("`timeout_ms`") });
    expect(late.error).toMatch(/did not respond within \d+ ms/);
    vi.restoreAllMocks();
    fakeOutside(() => {
      throw new Error("hunter2");
    });
    const failed = await test(ID);
    expect(unwrap(failed)).toMatchObject({ ok: false, status: null, hint: expect.stringContaining("certificate") });
    expect(textOf(failed)).not.toContain("hunter2");
  });

  it("for what the gateway itself refuses points to the error", async () => {
    await insertDestination(ID, { url: "http://169.254.169.254/" });
    const seen = fakeOutside();
    expect(unwrap(await test(ID))).toMatchObject({
      ok: false,
      status: null,
      duration_ms: 0,
      error: expect.stringContaining("never called"),
      hint: expect.stringContaining("Nothing was sent"),
    });
    expect(seen).toEqual([]);
  });
});
