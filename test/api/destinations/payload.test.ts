import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { bodyOf } from "../../../src/delivery/request/body.ts";
import { contextOf } from "../../../src/context.ts";
import { authFor, presetFixture } from "../../support/preset-fixtures.ts";
import { PRESET_NAMES } from "../../../src/delivery/presets/registry.ts";
import { findDestination } from "../../../src/storage/destinations/destinations.ts";
import { eventOf } from "../../delivery/presets/events.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createDestination, faultsOf, fieldOf, statusOf, textOf, unchecked } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const PAGERDUTY = { mode: "preset", preset: "pagerduty", options: { routing_key: KEY, source: "eu" } } as const;
/** What each preset cannot do without. */
const REQUIRED: Readonly<Record<string, object>> = { pagerduty: { routing_key: KEY }, telegram: { chat_id: -100123 } };

async function refused(payload: unknown): Promise<string[]> {
  const reply = await client.destinations.create({
    name: "n",
    url: "https://hooks.example.com/in",
    payload: unchecked(payload),
  });
  expect(statusOf(reply)).toBe(400);
  return faultsOf(reply);
}

async function sentKey(id: string): Promise<unknown> {
  const destination = await findDestination(asPrimary(env.DB), id);
  if (destination === null) throw new Error("no destination");
  const body = await bodyOf(contextOf(env), destination, eventOf("alert.created"));
  if (!body.ok) throw new Error(String(body.error));
  return JSON.parse(new TextDecoder().decode(body.value.bytes)).routing_key;
}

describe("the payload of a destination", () => {
  it("is the envelope unless something else is asked for, and can be changed", async () => {
    const { id, payload } = await createDestination();
    expect(payload).toEqual({ mode: "envelope" });
    const template = { mode: "template", content_type: "text/plain; charset=utf-8", body: "{{ MonitorId }}" } as const;
    expect(unwrap(await client.destinations.update(id, { payload: template })).payload).toEqual(template);
    expect(unwrap(await client.destinations.get(id)).payload).toEqual(template);
    await client.destinations.update(id, { payload: { mode: "original" } });
    expect(unwrap(await client.destinations.get(id)).payload).toEqual({ mode: "original" });
  });

  it("as a template is JSON unless it says otherwise", async () => {
    const { payload } = await createDestination({ payload: { mode: "template", body: '{"id": {{ Id | json }}}' } });
    expect(payload).toMatchObject({ content_type: "application/json" });
  });

  it.each([
    [{ mode: "template", body: "{{ a" }, "payload.body"],
    [{ mode: "template", body: "{{ a | nope }}" }, "payload.body"],
    [{ mode: "template", body: "x".repeat(70_000) }, "payload.body"],
    [{ mode: "template", body: '{"never": JSON}' }, "payload.body"],
    [{ mode: "template", body: 7 }, "payload.body"],
    [{ mode: "template" }, "payload.body"],
    [{ mode: "template", body: "", content_type: "text/plain\r\nx-evil: 1" }, "payload.content_type"],
    [{ mode: "template", body: "", content_type: "multipart/mixed; boundary=b" }, "payload.content_type"],
    [{ mode: "template", body: "", content_type: "Multipart/Related" }, "payload.content_type"],
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
      expect((await createDestination({ payload: { mode: "template", body } })).payload).toMatchObject({ body });
    }
  });
});

describe("a preset", () => {
  it.each(PRESET_NAMES)("can be chosen with what it requires (%s)", async (preset) => {
    const { url, options } = presetFixture(preset);
    const { payload } = await createDestination({
      url,
      auth: authFor(preset),
      payload: { mode: "preset", preset, options: { ...options, ...REQUIRED[preset] } },
    });
    expect(payload).toMatchObject({ mode: "preset", preset });
  });

  it("keeps its secret options sealed, and shows them nowhere", async () => {
    const reply = await client.destinations.create({
      name: "n",
      url: "https://x.example.com/",
      payload: PAGERDUTY,
    });
    expect(unwrap(reply).payload).toEqual({ mode: "preset", preset: "pagerduty", options: { source: "eu" } });
    const id = unwrap(reply).id;
    const shown = await Promise.all([client.destinations.get(id), client.destinations.list()]);
    for (const text of [reply, ...shown].map(textOf)) {
      expect(text).not.toContain(KEY);
      expect(text).not.toContain("sealed");
    }
    expect(await tables.destinations.value("payload")).not.toContain(KEY);
    expect(await sentKey(id)).toBe(KEY);
  });

  it("keeps a secret that a change leaves out, as long as it is the same preset", async () => {
    const { id } = await createDestination({ payload: PAGERDUTY });
    const changed = await client.destinations.update(id, {
      payload: { mode: "preset", preset: "pagerduty", options: {} },
    });
    expect(fieldOf(unwrap(changed).payload, "options")).toEqual({});
    expect(await sentKey(id)).toBe(KEY);
    const other = "f".repeat(32);
    await client.destinations.update(id, { payload: { ...PAGERDUTY, options: { routing_key: other } } });
    expect(await sentKey(id)).toBe(other);
    await client.destinations.update(id, { payload: { mode: "preset", preset: "slack" } });
    const back = await client.destinations.update(id, { payload: { mode: "preset", preset: "pagerduty" } });
    expect(faultsOf(back)).toEqual(["payload.options.routing_key"]);
  });

  it("reaches the outside as it was chosen, at the address that it names", async () => {
    const options = { api_key: "0000-1111-2222-3333" };
    const { id } = await createDestination({
      url: "https://api.opsgenie.com/v2/alerts",
      payload: { mode: "preset", preset: "opsgenie", options },
    });
    const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response("{}", { status: 202 }));
    expect(unwrap(await client.destinations.test(id, {}))).toMatchObject({ ok: true, status: 202 });
    const request = new Request(...(fetched.mock.calls[0] ?? [""]));
    fetched.mockRestore();
    expect(request.url).toBe("https://api.opsgenie.com/v2/alerts");
    expect(request.headers.get("authorization")).toBe("GenieKey 0000-1111-2222-3333");
    expect(await request.json()).toMatchObject({ source: "Hookgate", priority: "P4" });
  });
});
