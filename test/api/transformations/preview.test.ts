import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import type { Json } from "../../../src/model/json.ts";
import { client, createDestination, createIntegration, faultsOf, request } from "../../support/api.ts";
import { AT, contentOf, mint, storeEvent } from "../records.ts";

async function create(code: string) {
  return unwrap(await client.transformations.create({ name: "Preview", code }));
}

async function store(): Promise<string> {
  const { id } = mint("evt");
  return await storeEvent({ id, deliveries: [] }, contentOf({ Id: "k", email: "ann@example.com" }));
}

describe("other previews", () => {
  it("show what a destination receives after its transformation", async () => {
    const { id } = await create("export default ({ data }) => ({ id: data.event.payload.Id });");
    const destination = await createDestination({ transformation_id: id });
    const event_id = await store();
    const shown = unwrap(await client.destinations.preview(destination.id, { event_id }));
    expect(shown).toMatchObject({ ok: true, body: '{"id":"k"}' });
    await client.transformations.update(id, { code: "export default () => null;" });
    const nothing = unwrap(await client.destinations.preview(destination.id, { event_id }));
    expect(nothing).toMatchObject({ ok: false, error: expect.stringContaining("returned null") });
    await client.transformations.update(id, { code: "export default () => missing;" });
    const failed = unwrap(await client.destinations.preview(destination.id, { event_id }));
    expect(failed).toMatchObject({ ok: false, error: expect.stringContaining("missing is not defined") });
    expect(unwrap(await client.transformations.runs.list(id)).data).toEqual([]);
  });

  it("show what becomes of a webhook after the transformation of its integration", async () => {
    const { id } = await create(
      "export default ({ payload }) => (payload.test ? null : payload.items.map((item) => ({ payload: { item } })));",
    );
    const hook = await createIntegration({ type: "catch", transformation_id: id });
    const preview = async (body: object) => {
      const { status, text } = await request(`/integrations/${hook.id}/preview`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      expect(status).toBe(200);
      return JSON.parse(text).events;
    };
    expect(await preview({ items: [1, 2] })).toMatchObject([
      { outcome: "received", payload: { item: 1 } },
      { outcome: "received", payload: { item: 2 } },
    ]);
    expect(await preview({ test: true })).toMatchObject([
      { outcome: "ignored", note: expect.stringContaining("dropped by the transformation") },
    ]);
    expect(await preview({})).toMatchObject([{ outcome: "transformation_failed" }]);
  });
});

describe("the preview of a transformation", () => {
  it("shows what the code returns for a stored event, before and after", async () => {
    const { id } = await create(
      "export default (event, context) => {\n  console.log('for', event.id, context.now);\n  delete event.payload.email;\n  return event;\n};\n",
    );
    const event_id = await store();
    const shown = unwrap(await client.transformations.preview(id, { event_id }));
    expect(shown).toMatchObject({
      ok: true,
      kind: "integration",
      event_id,
      input: { id: event_id, received_at: AT, headers: {}, payload: { Id: "k", email: "ann@example.com" } },
      result: { id: event_id, payload: { Id: "k" } },
      dropped: false,
      events: 1,
      logs: [`for ${event_id} ${AT}`],
      error: null,
    });
    expect(JSON.stringify(shown.input)).not.toContain("authorization");
  });

  it("gives the envelope as at a destination, with the sender's headers", async () => {
    const { id } = await create(
      "export default ({ type, data }) => ({ type, kind: data.event.kind, headers: data.event.headers });",
    );
    await createDestination({ transformation_id: id });
    const event_id = await store();
    const shown = unwrap(await client.transformations.preview(id, { event_id }));
    expect(shown).toMatchObject({ ok: true, kind: "destination", input: { type: "alert.created", timestamp: AT } });
    expect(shown.result).toMatchObject({ type: "alert.created", headers: { "content-type": "application/json" } });
    expect(unwrap(await client.transformations.preview(id, { event_id, kind: "integration" })).kind).toBe(
      "integration",
    );
  });

  it("shows what is dropped and what is fanned out", async () => {
    const { id } = await create("export default (event) => event.payload;");
    const run = async (body: Json) => unwrap(await client.transformations.preview(id, { body }));
    expect(await run(null)).toMatchObject({ ok: true, result: null, dropped: true, events: 0 });
    const fanned = [{ payload: 1 }, { payload: 2 }];
    expect(await run(fanned)).toMatchObject({ result: fanned, dropped: false, events: 2 });
  });

  it("shows what the pipeline would not take", async () => {
    const { id } = await create("export default (event) => event.payload;");
    const run = async (body: Json) => unwrap(await client.transformations.preview(id, { body }));
    const wrong = { ok: false, events: 0, error: { code: "wrong_result", line: null } };
    expect(await run({ email: 1 })).toMatchObject({ ...wrong, result: { email: 1 } });
    expect(await run([{ payload: 1 }, 2])).toMatchObject(wrong);
    expect((await run(Array.from({ length: 101 }, () => ({ payload: 1 })))).error?.message).toContain("101 events");
  });

  it("gives the payload that arrived, also for an event that has passed a transformation", async () => {
    const { id: integration_id } = await createIntegration({ type: "catch" });
    const { id } = mint("evt");
    const content = { ...contentOf({ email: "ann@example.com" }), payload: { redacted: true } };
    await storeEvent({ id, integration_id }, content);
    const code = "export default (event) => event;";
    const shown = unwrap(await client.transformationPreviews.create({ code, event_id: id }));
    expect(shown.input).toMatchObject({ payload: { email: "ann@example.com" } });
    const sent = unwrap(await client.transformationPreviews.create({ code, event_id: id, kind: "destination" }));
    expect(sent.input).toMatchObject({ data: { event: { payload: { redacted: true } } } });
  });

  it("takes code that is not saved, and shows where it fails", async () => {
    const code = "export default (event) => {\n  console.log('here');\n  return event.payload.user.name;\n};\n";
    const shown = unwrap(await client.transformationPreviews.create({ code, body: {} }));
    expect(shown).toMatchObject({ ok: false, result: null, logs: ["here"], error: { code: "exception", line: 3 } });
    expect(shown.error?.message).toContain("name");
    const { id } = await create("export default (event) => event;");
    const draft = unwrap(await client.transformations.preview(id, { code: "export default {", body: {} }));
    expect(draft).toMatchObject({ ok: false, error: { code: "syntax" } });
  });

  it("shows the beginning of a long result only", async () => {
    const code = "export default () => 'x'.repeat(1_000_000);";
    const shown = unwrap(await client.transformationPreviews.create({ code, body: {}, kind: "destination" }));
    expect(shown).toMatchObject({ ok: true, result: null, dropped: false });
    expect(shown.rendered).toHaveLength(131_072);
  });

  it("needs one event or body that exists", async () => {
    const code = "export default (event) => event;";
    expect(faultsOf(await client.transformationPreviews.create({ code }))).toEqual(["event_id"]);
    const event_id = await store();
    expect(faultsOf(await client.transformationPreviews.create({ code, event_id, body: {} }))).toEqual(["event_id"]);
    expect(faultsOf(await client.transformationPreviews.create({ code, event_id: "evt_none" }))).toEqual(["event_id"]);
    const ignored = mint("evt").id;
    await storeEvent({ id: ignored, type: null, outcome: "ignored", deliveries: [] }, contentOf({}));
    const refused = client.transformationPreviews.create({ code, event_id: ignored, kind: "destination" });
    expect(faultsOf(await refused)).toEqual(["event_id"]);
  });
});
