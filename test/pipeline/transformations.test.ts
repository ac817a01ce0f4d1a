import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { contextOf } from "../../src/context.ts";
import { readRuns } from "../../src/storage/config/transformation-runs.ts";
import { client } from "../support/api.ts";
import { openLine } from "../support/flow.ts";
import { moveAll } from "../support/segments.ts";
import { changeBody, insertBody, insertCode } from "../support/transformations.ts";
import { tables } from "../support/tables.ts";

// The whole way: requests to the worker's own entry, messages to its own consumers, code in the local runtime of transformations.

const ALERT = { id: "db-7", event_type: "create", Title: "Disk full", Description: "secret" };

async function reconciled() {
  const { accepted, delivered, dead, ignored, balanced } = unwrap(await client.reconciliation.get());
  return { accepted, delivered, dead, ignored, balanced };
}

describe("the payload that a transformation returns", () => {
  it("replaces the payload, and nothing else", async () => {
    const body = `delete event.payload.card; event.kind = "other"; return { ...event, id: "x", received_at: "never", more: 1 };`;
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    await line.send({ card: "4111", name: "Ada" });
    const [event] = await line.events();
    expect(event).toMatchObject({ outcome: "received", payload: { name: "Ada" }, note: null });
    expect(line.delivered().map(({ data }) => data.event.payload)).toEqual([{ name: "Ada" }]);
    expect(line.delivered()[0]?.["data"].event.id).toBe(event?.id);
  });

  it("sees the headers without credentials, the kind, and the time of receipt", async () => {
    const body = "return { payload: { ...event, now: context.now, date: new Date().toISOString() } };";
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    await line.send({ a: 1 }, { headers: { "x-trace": "t1", authorization: "Bearer hidden" } });
    const [event] = await line.events();
    expect(event?.payload).toMatchObject({
      id: event?.id,
      integration_id: line.id,
      received_at: event?.received_at,
      now: event?.received_at,
      date: event?.received_at,
      payload: { a: 1 },
      headers: { "x-trace": "t1" },
    });
    expect(JSON.stringify(event?.payload)).not.toContain("hidden");
  });

  it("keeps the digits of long numbers", async () => {
    const line = await openLine(
      "catch",
      {},
      { transformation_id: await insertBody("event.payload.b = 1; return event;") },
    );
    await line.send('{"id":12345678901234567890}');
    const stored = await tables.events.value("content");
    expect(stored).toContain('"payload":{"id":12345678901234567890,"b":1}');
  });

  it("leaves the alert as the source read it", async () => {
    const body = `event.payload.Title = "other"; delete event.payload.Description; return event;`;
    const line = await openLine("pagertree", {}, { transformation_id: await insertBody(body) });
    await line.send(ALERT);
    expect(await line.alerts()).toMatchObject([{ title: "Disk full", status: "open" }]);
    expect(line.delivered()[0]?.["data"].event.payload).toEqual({ ...ALERT, Title: "other", Description: undefined });
  });

  it("may be any JSON: null, an empty list, false", async () => {
    const body =
      "return [{ payload: null }, { payload: [] }, { payload: [1, 2] }, { payload: false }, { payload: 0 }];";
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    await line.send({ a: 1 });
    const events = await line.events();
    expect(events.map(({ outcome }) => outcome)).toEqual(Array(5).fill("received"));
    const payloads = events.map(({ payload }) => JSON.stringify(payload)).toSorted((a, b) => a.localeCompare(b));
    expect(payloads).toEqual(["[]", "[1,2]", "0", "false", "null"].toSorted((a, b) => a.localeCompare(b)));
  });

  it("is a fault if it is missing, also beside others", async () => {
    const body = "return [{ payload: [1, 2] }, { other: 1 }];";
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    await line.send({ a: 1 });
    expect(await line.events()).toMatchObject([{ outcome: "transformation_failed", payload: { a: 1 } }]);
  });

  it("can be large", async () => {
    const body = `event.payload = { text: "x".repeat(300_000) }; return event;`;
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    await line.send({ a: 1 });
    expect(line.delivered().map(({ data }) => data.event.payload.text.length)).toEqual([300_000]);
    const [event] = await line.events();
    expect(event?.outcome).toBe("received");
  });

  it("can be small for an event that was too large for the queue", async () => {
    const body = `event.payload = { length: event.payload.text.length }; return event;`;
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    await line.send({ text: "x".repeat(300_000) });
    expect(line.delivered().map(({ data }) => data.event.payload)).toEqual([{ length: 300_000 }]);
    const { objects } = await env.BODIES.list({ prefix: "events/" });
    expect(objects.map(({ key }) => key)).toEqual([`events/${(await line.events())[0]?.id}.2`]);
  });
});

describe("an event that a transformation drops", () => {
  it("is ignored with the reason, and counts as such", async () => {
    const line = await openLine("catch", {}, { transformation_id: await insertBody("return null;", "No tests") });
    await line.send({ a: 1 });
    expect(await line.events()).toMatchObject([
      { outcome: "ignored", type: null, note: 'The event was dropped by the transformation "No tests" (version 1).' },
    ]);
    expect(line.delivered()).toEqual([]);
    expect(await reconciled()).toEqual({ accepted: 1, delivered: 0, dead: 0, ignored: 1, balanced: true });
  });

  it("neither opens nor resolves an alert", async () => {
    const body = `return event.payload.event_type === "resolve" || event.payload.id === "test" ? null : event;`;
    const line = await openLine("pagertree", {}, { transformation_id: await insertBody(body) });
    await line.send({ ...ALERT, id: "test" });
    expect(await line.alerts()).toEqual([]);
    await line.send(ALERT);
    await line.send({ id: ALERT.id, event_type: "resolve" });
    expect(await line.alerts()).toMatchObject([{ status: "open" }]);
    expect((await line.events()).map(({ outcome }) => outcome)).toEqual(["ignored", "created", "ignored"]);
  });
});

describe("a list", () => {
  it("makes several events with ids that are always the same", async () => {
    const body = `return [null, ...event.payload.items.map((item) => ({ payload: item }))];`;
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    await line.send({ items: [{ n: 1 }, { n: 2 }, { n: 3 }] }, { headers: { "idempotency-key": "k1" } });
    await line.send({ items: [{ n: 1 }, { n: 2 }, { n: 3 }] }, { headers: { "idempotency-key": "k1" } });
    const events = await line.events();
    expect(events.map(({ payload }) => payload)).toEqual(expect.arrayContaining([{ n: 1 }, { n: 2 }, { n: 3 }]));
    expect(events).toHaveLength(3);
    expect(line.delivered()).toHaveLength(3);
    expect(await reconciled()).toEqual({ accepted: 3, delivered: 3, dead: 0, ignored: 0, balanced: true });
  });

  it("loses none of the events of a request with several, nor an event whose id looks like that of an item", async () => {
    const body = `return event.payload.items.map((n) => ({ payload: { n } }));`;
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    const headers = { "idempotency-key": "k1" };
    await line.send([{ items: [1, 2] }, { items: [3, 4] }], { headers });
    await line.send([{ items: [1, 2] }, { items: [3, 4] }], { headers });
    await line.send({ items: [5] }, { headers: { "idempotency-key": "k1#2" } });
    const payloads = (await line.events()).map(({ payload }) => JSON.stringify(payload));
    expect(payloads.toSorted((a, b) => a.localeCompare(b))).toEqual([1, 2, 3, 4, 5].map((n) => `{"n":${n}}`));
  });

  it("is in order: the first item of an alert's event opens it, and is what is delivered", async () => {
    const body = "return [event, { payload: { second: true } }, { payload: { third: true } }];";
    const line = await openLine("pagertree", {}, { transformation_id: await insertBody(body) });
    for (let i = 0; i < 5; i++) {
      const { json } = await line.send({ ...ALERT, id: `db-${i}` });
      const opened = unwrap(await client.events.get(json["id"]));
      expect(opened).toMatchObject({ outcome: "created", payload: { id: `db-${i}` } });
    }
    const payloads = (await line.events()).map(({ outcome, payload }) => [outcome, JSON.stringify(payload)]);
    expect(payloads.slice(1, 3)).toEqual([
      ["repeated", '{"second":true}'],
      ["repeated", '{"third":true}'],
    ]);
    expect(line.delivered().map(({ data }) => data.event.payload.id)).toEqual(["db-0", "db-1", "db-2", "db-3", "db-4"]);
  });

  it("of more than a hundred is a fault, and an empty one drops the event", async () => {
    const many = await openLine("catch", {}, { transformation_id: await insertBody("return Array(101).fill(event);") });
    await many.send({ a: 1 });
    expect(await many.events()).toMatchObject([{ outcome: "transformation_failed" }]);
    const none = await openLine("catch", {}, { transformation_id: await insertBody("return [];") });
    await none.send({ a: 1 });
    expect(await none.events()).toMatchObject([{ outcome: "ignored" }]);
  });
});

describe("an event whose transformation fails", () => {
  it("is kept with the reason and the line, and counts as dead", async () => {
    const line = await openLine("catch", {}, { transformation_id: await insertBody("return event.x.y;", "Broken") });
    await line.send({ a: 1 });
    const [event] = await line.events();
    expect(event).toMatchObject({ outcome: "transformation_failed", type: null, payload: { a: 1 } });
    expect(event?.note).toBe(
      "The event was not routed: the transformation \"Broken\" (version 1) failed in line 2. TypeError: Cannot read properties of undefined (reading 'y')",
    );
    expect(line.delivered()).toEqual([]);
    expect(await reconciled()).toEqual({ accepted: 1, delivered: 0, dead: 1, ignored: 0, balanced: true });
  });

  it.each([
    ["a number", "return 5;"],
    ["an object without payload", "return {};"],
    ["a list with an item without payload", "return [event, {}];"],
    ["nothing", ""],
  ])("returns %s", async (_, body) => {
    const line = await openLine("catch", {}, { transformation_id: await insertBody(body) });
    await line.send({ a: 1 });
    expect(await line.events()).toMatchObject([{ outcome: "transformation_failed" }]);
  });

  it("opens no alert", async () => {
    const line = await openLine("pagertree", {}, { transformation_id: await insertCode("export default () => {") });
    await line.send(ALERT);
    expect(await line.alerts()).toEqual([]);
    expect((await line.events())[0]?.note).toContain("SyntaxError");
  });

  it("is logged with what it wrote", async () => {
    const id = await insertBody(`console.log("seen", event.payload.a); throw new Error("no");`);
    const line = await openLine("catch", {}, { transformation_id: id });
    await line.send({ a: 1 });
    const [event] = await line.events();
    expect(await readRuns(contextOf(env).primary, id)).toMatchObject([
      { event_id: event?.id, version: 1, ok: false, logs: ["seen 1"], error: "exception: Error: no", line: 2 },
    ]);
  });

  it("is replayed over the payload that arrived, once it is mended", async () => {
    const id = await insertBody("throw new Error('no');");
    const line = await openLine("pagertree", {}, { transformation_id: id });
    await line.send(ALERT);
    expect(await line.events()).toMatchObject([{ outcome: "transformation_failed" }]);
    await changeBody(id, "event.payload.mended = true; return event;");
    const [event] = await line.events();
    unwrap(await client.events.replay(event?.id ?? "", {}));
    expect(await line.events()).toMatchObject([{ outcome: "created", payload: { mended: true } }]);
    expect(await line.alerts()).toMatchObject([{ status: "open", title: "Disk full" }]);
    expect(await reconciled()).toMatchObject({ accepted: 1, dead: 0, balanced: true });
  });

  it("is replayed once from a segment, also as several events", async () => {
    const id = await insertBody("throw new Error('no');");
    const line = await openLine("catch", {}, { transformation_id: id });
    await line.send({ items: [1, 2] });
    const [event] = await line.events();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 300_000 });
    try {
      expect(await moveAll(contextOf(env))).toBe(1);
      expect(await tables.events.all()).toEqual([]);
      await changeBody(id, "return event.payload.items.map((n) => ({ payload: { n } }));");
      unwrap(await client.events.replay(event?.id ?? "", {}));
      const payloads = (await line.events()).map(({ payload }) => JSON.stringify(payload));
      expect(payloads.toSorted((a, b) => a.localeCompare(b))).toEqual(['{"n":1}', '{"n":2}']);
      expect(await reconciled()).toMatchObject({ accepted: 2, dead: 0, balanced: true });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a large event whose transformation fails", () => {
  it("is replayed over the payload that arrived, and leaves nothing in R2 that its row does not name", async () => {
    const id = await insertBody("throw new Error('no');");
    const line = await openLine("catch", {}, { transformation_id: id });
    await line.send({ text: "x".repeat(300_000) });
    const [event] = await line.events();
    const eventId = event?.id ?? "";
    expect(event).toMatchObject({ outcome: "transformation_failed" });
    const keys = async () => (await env.BODIES.list({ prefix: "events/" })).objects.map(({ key }) => key);
    expect(await keys()).toEqual([`events/${eventId}.1`]);
    expect(await client.events.replay(eventId, {})).toMatchObject({
      ok: false,
      error: { status: 409, problem: { code: "not_deliverable" } },
    });
    expect(await keys()).toEqual([`events/${eventId}.1`]);
    await changeBody(
      id,
      "event.payload = { text: event.payload.text, length: event.payload.text.length }; return event;",
    );
    unwrap(await client.events.replay(eventId, {}));
    expect(await keys()).toEqual([`events/${eventId}.2`]);
    expect(line.delivered().map(({ data }) => data.event.payload.length)).toEqual([300_000]);
    unwrap(await client.events.erase(eventId));
    expect(await keys()).toEqual([]);
  });

  it("is replayed to the destinations that its routes name, and to no others", async () => {
    const line = await openLine("catch", {}, { transformation_id: await insertBody("throw 1;") });
    await line.send({ a: 1 });
    const [event] = await line.events();
    const replayed = await client.events.replay(event?.id ?? "", { destination_ids: ["dst_1"] });
    expect(replayed).toMatchObject({
      ok: false,
      error: { status: 400, problem: { errors: [{ path: "destination_ids" }] } },
    });
  });
});
