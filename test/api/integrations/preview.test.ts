import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createApiRoutes } from "../../../src/api/api.ts";
import { INTEGRATION_TYPES } from "../../../src/sources/registry.ts";
import { ruleSetSummaries } from "../../../src/sources/rules/summaries.ts";
import create from "../../fixtures/pagertree-create.json";
import { type FakeQueue, fakeQueue } from "../../support/bindings.ts";
import { eventMessage, createWorld, processBatch } from "../../support/world.ts";
import { unwrap } from "../../../src/client/index.ts";
import {
  client,
  clientOf,
  createDestination,
  createIntegration,
  faultsOf,
  request,
  statusOf,
  unchecked,
} from "../../support/api.ts";
import { allRows } from "../../support/tables.ts";

const apiRoutes = createApiRoutes();

let events: FakeQueue;
let deliveries: FakeQueue;

beforeEach(() => {
  events = fakeQueue();
  deliveries = fakeQueue();
});

function previewer() {
  return clientOf({ bindings: { EVENTS: events.queue, DELIVERIES: deliveries.queue } });
}

async function previewOf(id: string, body: unknown, more: Readonly<Record<string, string>> = {}) {
  const headers = { "content-type": "application/json", ...more };
  return await previewer().integrations.preview(id, JSON.stringify(body), { headers });
}

async function eventsOf(preview: ReturnType<typeof previewOf>) {
  const shown = unwrap(await preview);
  if (!shown.accepted) throw new Error(JSON.stringify(shown));
  return shown.events;
}

async function rowCounts(): Promise<Record<string, number>> {
  return Object.fromEntries(Object.entries(await allRows()).map(([name, rows]) => [name, rows.length]));
}

describe("a preview", () => {
  it("shows what the events would come to and who would be told", async () => {
    const { id } = await createIntegration();
    const { id: destinationId } = await createDestination();
    const { id: routeId } = unwrap(await client.routes.create({ name: "all", destination_ids: [destinationId] }));
    expect(unwrap(await previewOf(id, create))).toEqual({
      accepted: true,
      authentication: { type: "none", passes: true, fault: null, detail: null, signed: [] },
      events: [
        {
          kind: expect.any(String),
          action: "create",
          key: expect.any(String),
          outcome: "created",
          type: "alert.created",
          alert: expect.objectContaining({ title: expect.any(String) }),
          note: null,
          payload: create,
          deliveries: [{ destination_id: destinationId, route_id: routeId }],
          groups: [],
        },
      ],
    });
  });

  it("goes on from the alerts that are open, and leaves them as they are", async () => {
    const { id } = await createIntegration();
    const message = eventMessage("create", "k-1");
    const { signal } = message.content;
    const opened = {
      ...message,
      integration_id: id,
      content: { ...message.content, signal: { ...signal, namespace: id } },
    };
    await processBatch(createWorld().context, [opened]);
    const outcome = async (body: object) => (await eventsOf(previewOf(id, body)))[0]?.outcome;
    expect(await outcome({ event_type: "create", Id: "k-1", Title: "again" })).toBe("repeated");
    expect(await outcome({ event_type: "resolve", Id: "k-1" })).toBe("resolved");
    expect(await outcome({ event_type: "create", Id: "k-1", Title: "again" })).toBe("repeated");
  });

  it("stores, queues and sends nothing", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const { id } = await createIntegration({ type: "catch", options: { fan_out: true } });
    const { id: destinationId } = await createDestination();
    unwrap(await client.routes.create({ name: "all", destination_ids: [destinationId] }));
    const before = await rowCounts();
    expect(Object.keys(before).length).toBeGreaterThan(10);
    const body = [{ n: 1 }, { n: 2 }, { text: "x".repeat(300_000) }];
    const shown = await eventsOf(previewOf(id, body, { "idempotency-key": "k" }));
    expect(shown).toHaveLength(3);
    expect(shown[0]?.deliveries).toHaveLength(1);
    await previewOf(id, [{ n: 1 }], { "idempotency-key": "k" });
    expect(await rowCounts()).toEqual(before);
    expect([...events.sent, ...deliveries.sent]).toEqual([]);
    expect((await env.BODIES.list()).objects).toEqual([]);
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  it("names the fields that are wrong, as an answer", async () => {
    const { id } = await createIntegration();
    const shown = unwrap(await previewOf(id, { event_type: "create", Id: 5, Tags: 7 }));
    if (shown.accepted) throw new Error("accepted");
    expect(shown.errors.length).toBeGreaterThan(0);
    for (const error of shown.errors) expect(error).toEqual({ path: expect.any(String), message: expect.any(String) });
  });

  it("sees the sample's headers and query, redacted as those of a webhook, and not who asks", async () => {
    const title = "[{{ log.headers }}|{{ log.headers['x-part'] }}|{{ log.headers['x-api-key'] }}|{{ log.params.a }}]";
    const rules = [{ match: {}, actions: [{ type: "create", title }] }];
    const { id } = await createIntegration({ type: "rules", options: unchecked({ rules }) });
    const headers = { "x-part": "p-7", "x-api-key": "word-4711" };
    const init = { method: "POST", headers, body: JSON.stringify({ n: 1 }) };
    const reply = await request(`/integrations/${id}/preview?a=q-9`, init);
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text).events[0].alert.title).toContain("|p-7|[redacted]|q-9]");
    expect(reply.text).toContain("content-type");
    expect(reply.text).not.toContain("authorization");
    expect(reply.text).not.toContain("word-4711");
  });

  it.each(INTEGRATION_TYPES)("of any bytes in any charset is no fault of ours (%s)", async (type) => {
    const options = type === "rules" ? { rule_set: "alertmanager" } : {};
    const { id } = await createIntegration({ type, options });
    const bodies = [
      new Uint8Array(0),
      new Uint8Array([0xff, 0xfe, 0x7b, 0x00]),
      new TextEncoder().encode('{"a":"\\ud800"}'),
    ];
    const types = [
      "application/json",
      "text/xml",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
    ];
    for (const body of bodies) {
      for (const each of [
        ...types,
        "",
        ...types.map((one) => `${one}; charset=no-such-thing`),
        "text/plain; charset=utf-16",
      ]) {
        const headers = { authorization: `Bearer ${env.ADMIN_TOKEN}`, "content-type": each };
        const init = { method: "POST", headers, body };
        const response = await apiRoutes.request(`/integrations/${id}/preview`, init, env);
        expect(response.status).toBe(200);
        expect(await response.json()).toHaveProperty("accepted");
      }
    }
  });

  it("is refused where the integration is unknown, the body too large or encoded", async () => {
    expect(statusOf(await previewOf("int_nope", {}))).toBe(404);
    const { id } = await createIntegration();
    expect(statusOf(await previewOf(id, "x".repeat(1_000_001)))).toBe(413);
    const encoded = await previewOf(id, {}, { "content-encoding": "br" });
    expect(statusOf(encoded)).toBe(415);
    expect(faultsOf(encoded)).toEqual([]);
    expect((await request(`/integrations/${id}/preview`)).status).toBe(405);
  });
});

it("lists the ready-made rule sets", async () => {
  const reply = await client.ruleSets.list();
  expect(statusOf(reply)).toBe(200);
  expect(unwrap(reply)).toEqual({ data: JSON.parse(JSON.stringify(ruleSetSummaries())) });
  expect(unwrap(reply).data.length).toBeGreaterThan(0);
});
