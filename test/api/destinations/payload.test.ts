import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { bodyOf } from "../../../src/delivery/request/body.ts";
import { contextOf } from "../../../src/context.ts";
import { presetFixture } from "../../support/preset-fixtures.ts";
import { PRESET_NAMES } from "../../../src/delivery/presets/registry.ts";
import { findDestination } from "../../../src/storage/destinations/destinations.ts";
import { eventOf } from "../../delivery/presets/events.ts";
import { api, createDestination, faults } from "../client.ts";
import { tables } from "../../support/tables.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const PAGERDUTY = { mode: "preset", preset: "pagerduty", options: { routing_key: KEY, source: "eu" } };
/** What each preset cannot do without. */
const REQUIRED: Readonly<Record<string, object>> = { pagerduty: { routing_key: KEY }, telegram: { chat_id: -100123 } };

async function refused(payload: unknown): Promise<string[]> {
  const reply = await api("POST", "/destinations", { name: "n", url: "https://hooks.example.com/in", payload });
  expect(reply.status).toBe(400);
  return faults(reply);
}

async function sentKey(id: string): Promise<unknown> {
  const destination = await findDestination(asPrimary(env.DB), id);
  if (destination === null) throw new Error("no destination");
  const body = await bodyOf(contextOf(env).keys, destination, eventOf("alert.created"));
  if (!body.ok) throw new Error(String(body.error));
  return JSON.parse(new TextDecoder().decode(body.value.bytes)).routing_key;
}

describe("the payload of a destination", () => {
  it("is the envelope unless something else is asked for, and can be changed", async () => {
    const { id, payload } = await createDestination();
    expect(payload).toEqual({ mode: "envelope" });
    const template = { mode: "template", content_type: "text/plain; charset=utf-8", body: "{{ MonitorId }}" };
    expect((await api("PATCH", `/destinations/${id}`, { payload: template })).json["payload"]).toEqual(template);
    expect((await api("GET", `/destinations/${id}`)).json["payload"]).toEqual(template);
    await api("PATCH", `/destinations/${id}`, { payload: { mode: "original" } });
    expect((await api("GET", `/destinations/${id}`)).json["payload"]).toEqual({ mode: "original" });
  });

  it("as a template is JSON unless it says otherwise", async () => {
    const { payload } = await createDestination({ payload: { mode: "template", body: '{"id": {{ Id | json }}}' } });
    expect(payload.content_type).toBe("application/json");
  });

  it.each([
    [{ mode: "template", body: "{{ a" }, "payload.body"],
    [{ mode: "template", body: "{{ a | nope }}" }, "payload.body"],
    [{ mode: "template", body: "x".repeat(70_000) }, "payload.body"],
    [{ mode: "template", body: '{"never": JSON}' }, "payload.body"],
    [{ mode: "template", body: 7 }, "payload.body"],
    [{ mode: "template" }, "payload.body"],
    [{ mode: "template", body: "", content_type: "text/plain\r\nx-evil: 1" }, "payload.content_type"],
    [{ mode: "template", body: "", content_type: "text" }, "payload.content_type"],
    [{ mode: "template", body: "", content_type: "text/plain; charset=utf-16" }, "payload.content_type"],
    [{ mode: "template", body: "", content_type: `text/${"x".repeat(200)}` }, "payload.content_type"],
    [{ mode: "template", body: "[]", preset: "slack" }, "payload.preset"],
    [{ mode: "envelope", body: "" }, "payload.body"],
    [{ mode: "nope" }, "payload.mode"],
    [{}, "payload.mode"],
    ["envelope", "payload"],
    [null, "payload"],
    [{ mode: "preset" }, "payload.preset"],
    [{ mode: "preset", preset: "toString" }, "payload.preset"],
    [{ mode: "preset", preset: "slack", options: [] }, "payload.options"],
    [{ mode: "preset", preset: "slack", options: { url: "x" } }, "payload.options.url"],
    [{ mode: "preset", preset: "slack", options: { constructor: "x" } }, "payload.options.constructor"],
    [{ mode: "preset", preset: "pagerduty" }, "payload.options.routing_key"],
    [{ mode: "preset", preset: "pagerduty", options: { routing_key: "a b" } }, "payload.options.routing_key"],
    [{ mode: "preset", preset: "pagerduty", options: { routing_key: KEY, source: "a\nb" } }, "payload.options.source"],
    [{ mode: "preset", preset: "telegram", options: { chat_id: "x y" } }, "payload.options.chat_id"],
    [{ mode: "preset", preset: "telegram", options: { chat_id: 1.5 } }, "payload.options.chat_id"],
  ])("is refused where it is wrong, by the field: %j", async (payload, path) => {
    expect(await refused(payload)).toEqual([path]);
  });

  it("may be a template that gives JSON with some events only", async () => {
    for (const body of ['{"n": {{ n }}}', "{% if a %}{}{% endif %}", "{{ raw }}"]) {
      expect((await createDestination({ payload: { mode: "template", body } })).payload.body).toBe(body);
    }
  });
});

describe("a preset", () => {
  it.each(PRESET_NAMES)("can be chosen with what it requires (%s)", async (preset) => {
    const options = { ...presetFixture(preset).options, ...REQUIRED[preset] };
    const { payload } = await createDestination({ payload: { mode: "preset", preset, options } });
    expect(payload).toMatchObject({ mode: "preset", preset });
  });

  it("keeps its secret options sealed, and shows them nowhere", async () => {
    const reply = await api("POST", "/destinations", { name: "n", url: "https://x.example.com/", payload: PAGERDUTY });
    expect(reply.json["payload"]).toEqual({ mode: "preset", preset: "pagerduty", options: { source: "eu" } });
    const id = String(reply.json["id"]);
    const shown = await Promise.all([api("GET", `/destinations/${id}`), api("GET", "/destinations")]);
    for (const { text } of [reply, ...shown]) {
      expect(text).not.toContain(KEY);
      expect(text).not.toContain("sealed");
    }
    expect(await tables.destinations.value("payload")).not.toContain(KEY);
    expect(await sentKey(id)).toBe(KEY);
  });

  it("keeps a secret that a change leaves out, as long as it is the same preset", async () => {
    const { id } = await createDestination({ payload: PAGERDUTY });
    const path = `/destinations/${id}`;
    const changed = await api("PATCH", path, { payload: { mode: "preset", preset: "pagerduty", options: {} } });
    expect(changed.json["payload"].options).toEqual({});
    expect(await sentKey(String(id))).toBe(KEY);
    const other = "f".repeat(32);
    await api("PATCH", path, { payload: { ...PAGERDUTY, options: { routing_key: other } } });
    expect(await sentKey(String(id))).toBe(other);
    await api("PATCH", path, { payload: { mode: "preset", preset: "slack" } });
    const back = await api("PATCH", path, { payload: { mode: "preset", preset: "pagerduty" } });
    expect(faults(back)).toEqual(["payload.options.routing_key"]);
  });

  it("reaches the outside as it was chosen, at the address that it names", async () => {
    const options = { api_key: "0000-1111-2222-3333" };
    const { id } = await createDestination({
      url: "https://api.opsgenie.com/v2/alerts",
      payload: { mode: "preset", preset: "opsgenie", options },
    });
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("{}", { status: 202 }));
    expect((await api("POST", `/destinations/${id}/test`, {})).json).toMatchObject({ ok: true, status: 202 });
    const request = new Request(...(fetched.mock.calls[0] ?? [""]));
    fetched.mockRestore();
    expect(request.url).toBe("https://api.opsgenie.com/v2/alerts");
    expect(request.headers.get("authorization")).toBe("GenieKey 0000-1111-2222-3333");
    expect(await request.json()).toMatchObject({ source: "Hookgate", priority: "P4" });
  });
});
