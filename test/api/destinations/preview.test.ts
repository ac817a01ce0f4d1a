import { describe, expect, it, vi } from "vitest";
import { type DestinationPreviewRequest, unwrap } from "../../../src/client/index.ts";
import {
  client,
  createDestination,
  faultsOf,
  fieldOf,
  request,
  statusOf,
  textOf,
  unchecked,
} from "../../support/api.ts";
import { contentOf, storeEvent, storeLargeEvent } from "../records.ts";
import { tables } from "../../support/tables.ts";

const KEY = "0123456789abcdef0123456789abcdef";

async function previewOf(id: string, body?: DestinationPreviewRequest) {
  return await client.destinations.preview(id, body);
}

function template(body: string, content_type = "application/json") {
  return { mode: "template", content_type, body } as const;
}

describe("a preview of a payload", () => {
  it("renders the destination's own payload against the newest event, and stores and sends nothing", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    await storeEvent({}, contentOf({ Id: "old" }));
    const eventId = await storeEvent({}, contentOf({ Id: "new" }));
    await storeEvent({ type: null, outcome: "ignored" }, contentOf({ Id: "untold" }));
    const { id } = await createDestination({ payload: template('{"id": {{ Id | json }}}') });
    const before = await tables.destinations.all();
    for (const body of [undefined, {}]) {
      expect(unwrap(await previewOf(id, body))).toEqual({
        ok: true,
        event_id: eventId,
        content_type: "application/json",
        body: '{"id": "new"}',
      });
    }
    expect(await tables.destinations.all()).toEqual(before);
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  it("renders a payload that is only tried, against the event that is named", async () => {
    const eventId = await storeEvent({}, contentOf({ Id: "first" }));
    await storeEvent({}, contentOf({ Id: "second" }));
    const { id } = await createDestination();
    const payload = template("{{ Id }} {{ type }}", "text/plain");
    expect(unwrap(await previewOf(id, { event_id: eventId, payload }))).toMatchObject({ body: "first alert.created" });
    const large = await storeLargeEvent({ Id: "large" });
    expect(unwrap(await previewOf(id, { event_id: large, payload }))).toMatchObject({ body: "large alert.created" });
  });

  it("answers with the reason where there is nothing to send", async () => {
    const { id } = await createDestination();
    expect(unwrap(await previewOf(id))).toMatchObject({ ok: false, event_id: null, error: expect.any(String) });
    const eventId = await storeEvent({}, contentOf({ Message: 'a "b"' }));
    const reply = await previewOf(id, { payload: template('{"text": "{{ Message }}"}') });
    expect(statusOf(reply)).toBe(200);
    expect(unwrap(reply)).toMatchObject({
      ok: false,
      event_id: eventId,
      error: expect.stringContaining("position 13"),
    });
  });

  it("shows what a template gave whose result is not JSON, up to a bound", async () => {
    await storeEvent({}, contentOf({ Message: 'a "b"', long: "漢".repeat(200_000) }));
    const { id } = await createDestination();
    const short = await previewOf(id, { payload: template('{"text": "{{ Message }}"}') });
    expect(unwrap(short)).toMatchObject({ ok: false, rendered: '{"text": "a "b""}' });
    expect(unwrap(short)).not.toHaveProperty("truncated");
    const json = unwrap(await previewOf(id, { payload: template("[{{ long }}]") }));
    expect(json).toMatchObject({ ok: false, truncated: true, bytes: 600_002 });
    const rendered = String(fieldOf(json, "rendered"));
    expect(rendered).toMatch(/^\[漢+$/);
    expect(rendered.length).toBeLessThan(50_000);
  });

  it("shows no secret, neither one on record nor one that is tried", async () => {
    await storeEvent();
    const pagerduty = { mode: "preset", preset: "pagerduty", options: { routing_key: KEY } } as const;
    const { id } = await createDestination({ payload: pagerduty });
    const own = await previewOf(id);
    expect(JSON.parse(String(fieldOf(unwrap(own), "body")))).toMatchObject({
      routing_key: "[secret]",
      event_action: "trigger",
    });
    const payload = { mode: "preset", preset: "telegram", options: { chat_id: 5, bot_token: `1:${KEY}` } } as const;
    const tried = await previewOf(id, { payload });
    expect(unwrap(tried)).toMatchObject({ ok: true, url: expect.stringContaining("secret") });
    for (const text of [own, tried].map(textOf)) expect(text).not.toContain(KEY);
  });

  it("shows bytes that are no text as base64, and the start of what is long", async () => {
    const content = contentOf({});
    const bytes = new Uint8Array([255, 254, 0]).toBase64();
    const { id } = await createDestination({ payload: { mode: "original" } });
    const request = { ...content.request, headers: {}, body: bytes, body_encoding: "base64" } as const;
    await storeEvent({}, { ...content, request, payload: null });
    expect(unwrap(await previewOf(id))).toMatchObject({ content_type: "application/octet-stream", body_base64: bytes });
    const controls = "\u0001".repeat(200_000);
    await storeEvent({}, { ...content, request: { ...content.request, body: controls }, payload: null });
    expect(statusOf(await client.destinations.preview(id, {}, { idempotency_key: "k-1" }))).toBe(200);
    await storeEvent({}, contentOf({ t: "漢".repeat(200_000) }));
    const json = unwrap(await previewOf(id));
    expect(json).toMatchObject({ truncated: true, bytes: 600_008 });
    expect(fieldOf(json, "body")).toMatch(/^\{"t":"漢+$/);
  });

  it("is refused where the destination or event is unknown, or a field is wrong", async () => {
    const { id } = await createDestination();
    expect(statusOf(await previewOf("dst_nope"))).toBe(404);
    expect(faultsOf(await previewOf(id, { event_id: "evt_nope" }))).toEqual(["event_id"]);
    const untold = await storeEvent({ type: null, outcome: "ignored" });
    expect(faultsOf(await previewOf(id, { event_id: untold }))).toEqual(["event_id"]);
    expect(faultsOf(await previewOf(id, unchecked({ event_id: 5, x: 1 })))).toEqual(["event_id", "x"]);
    expect(faultsOf(await previewOf(id, { payload: template("{{ a") }))).toEqual(["payload.body"]);
    expect(faultsOf(await previewOf(id, { payload: { mode: "preset", preset: "pagerduty" } }))).toEqual([
      "payload.options.routing_key",
    ]);
    expect(await request(`/destinations/${id}/preview`, { method: "POST", body: "{" })).toMatchObject({ status: 400 });
    expect((await request(`/destinations/${id}/preview`)).status).toBe(405);
  });
});
