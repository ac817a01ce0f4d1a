import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { client, createDestination, faultsOf, fieldOf, statusOf, unchecked } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";
import { contentOf, storeEvent } from "../records.ts";

const REQUESTS = {
  "alert.created": { body: '{"title": {{ data.alert.title | json }}}', capture: { issue_key: "key" } },
  "alert.resolved": {
    method: "PUT",
    url: "https://hooks.example.com/issue/{{ captured.issue_key }}/transitions",
    headers: { "x-step": "close" },
    content_type: "text/plain",
    body: "done",
  },
} as const;

async function refused(requests: unknown, more: object = {}): Promise<string[]> {
  const reply = await client.destinations.create(
    unchecked({ name: "n", url: "https://hooks.example.com/in", requests, ...more }),
  );
  expect(statusOf(reply)).toBe(400);
  return faultsOf(reply);
}

describe("the requests of a destination by type of event", () => {
  it("are none unless they are given, and can be changed and removed", async () => {
    const { id, requests } = await createDestination();
    expect(requests).toEqual({});
    expect(unwrap(await client.destinations.update(id, { requests: REQUESTS })).requests).toEqual(REQUESTS);
    expect(unwrap(await client.destinations.get(id)).requests).toEqual(REQUESTS);
    await client.destinations.update(id, { timeout_ms: 5_000 });
    expect(unwrap(await client.destinations.get(id)).requests).toEqual(REQUESTS);
    expect(unwrap(await client.destinations.update(id, { requests: {} })).requests).toEqual({});
  });

  it("are recorded in the audit trail", async () => {
    const { id } = await createDestination();
    await client.destinations.update(id, { requests: REQUESTS });
    const entries = unwrap(await client.audit.list({ id })).data;
    expect(entries[0]).toMatchObject({ action: "destination.updated", after: { requests: expect.anything() } });
  });

  it.each<[unknown, string]>([
    [7, "requests"],
    [[], "requests"],
    [{ "alert.opened": {} }, "requests.alert.opened"],
    [{ "alert.created": 7 }, "requests.alert.created"],
    [{ "alert.created": { verb: "POST" } }, "requests.alert.created.verb"],
    [{ "alert.created": { method: "HEAD" } }, "requests.alert.created.method"],
    [{ "alert.created": { body: "{{ a" } }, "requests.alert.created.body"],
    [{ "alert.created": { body: "not JSON" } }, "requests.alert.created.body"],
    [{ "alert.created": { content_type: "text/plain" } }, "requests.alert.created.content_type"],
    [{ "alert.created": { content_type: "text\r\nx: y", body: "" } }, "requests.alert.created.content_type"],
    [{ "alert.created": { headers: { "webhook-id": "x" } } }, "requests.alert.created.headers.webhook-id"],
    [{ "alert.created": { headers: { "x-a": "b\r\nc: d" } } }, "requests.alert.created.headers.x-a"],
    [{ "alert.created": { headers: { authorization: "Bearer x" } } }, "requests.alert.created.headers.authorization"],
    [{ "alert.created": { headers: { "x-api-key": "x" } } }, "requests.alert.created.headers.x-api-key"],
    [{ "alert.created": { capture: { "a-b": "key" } } }, "requests.alert.created.capture.a-b"],
    [{ "alert.created": { capture: { a: "" } } }, "requests.alert.created.capture.a"],
    [{ "alert.created": { capture: { a: "a..b" } } }, "requests.alert.created.capture.a"],
    [{ "alert.created": { capture: { a: 1 } } }, "requests.alert.created.capture.a"],
    [
      { "alert.created": { capture: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`v${i}`, "a"])) } },
      "requests.alert.created.capture",
    ],
    [{ "event.received": { capture: { a: "b" } } }, "requests.event.received.capture"],
    [{ ["__proto__"]: {} }, "requests.__proto__"],
    [{ "alert.created": { ["__proto__"]: {} } }, "requests.alert.created.__proto__"],
    [{ "alert.created": { headers: { ["__proto__"]: "x" } } }, "requests.alert.created.headers.__proto__"],
    [{ "alert.created": { capture: { ["__proto__"]: "a" } } }, "requests.alert.created.capture.__proto__"],
  ])("%j is refused at %s", async (requests, path) => {
    expect(await refused(requests)).toContain(path);
  });

  it.each([
    "https://{{ data.alert.title }}/in",
    "https://hooks.example.com{{ data.alert.title }}/in",
    "https://hooks.example.com:{{ port }}/in",
    "{{ data.alert.title }}",
    "https://user@hooks.example.com/in",
    "https://metadata.google.internal/",
    "https://hooks.example.com/a/../b",
    "https://hooks.example.com/%2e%2E/b",
    "https://hooks.example.com/{{ a",
    "ftp://hooks.example.com/",
    `https://hooks.example.com/${"x".repeat(3_000)}`,
  ])("the URL %s is refused", async (url) => {
    expect(await refused({ "alert.resolved": { url } })).toEqual(["requests.alert.resolved.url"]);
  });

  it("are for webhooks only", async () => {
    expect(await refused(REQUESTS, { type: "document", url: undefined })).toContain("requests");
  });

  it("do not send secrets to another host unless these are given again", async () => {
    const auth = { type: "bearer", token: "s3cret-token" } as const;
    const { id } = await createDestination({ auth });
    const requests = { "alert.resolved": { url: "https://thief.example.net/{{ data.alert.id }}" } };
    const reply = await client.destinations.update(id, { requests });
    expect([statusOf(reply), faultsOf(reply)]).toEqual([400, ["auth.token"]]);
    expect(statusOf(await client.destinations.update(id, { requests, auth }))).toBe(200);
  });

  it("stay on the host for which an OAuth token was granted", async () => {
    const auth = {
      type: "oauth2_authorization_code",
      token_url: "https://id.example.com/token",
      auth_url: "https://id.example.com/authorize",
      client_id: "c",
    } as const;
    const requests = { "alert.resolved": { url: "https://other.example.com/{{ data.alert.id }}" } };
    expect(await refused(requests, { auth })).toEqual(["requests.alert.resolved.url"]);
    const { id } = await createDestination({ requests });
    const reply = await client.destinations.update(id, { auth: unchecked(auth) });
    expect(faultsOf(reply)).toEqual(["requests.alert.resolved.url"]);
  });

  it("have a bounded size together", async () => {
    const body = JSON.stringify("x".repeat(60_000));
    const types = ["alert.created", "alert.updated", "alert.acknowledged", "alert.resolved"];
    expect(await refused(Object.fromEntries(types.map((type) => [type, { body }])))).toEqual(["requests"]);
  });

  it("survive an export and an import of the configuration", async () => {
    const { id } = await createDestination({ external_id: "tickets", requests: REQUESTS });
    const document = unwrap(await client.config.get());
    expect(fieldOf(document.destinations, "tickets")).toMatchObject({ requests: REQUESTS });
    expect(unwrap(await client.destinations.get(id)).requests).toEqual(REQUESTS);
  });
});

describe("a preview", () => {
  it("shows the request of a type of event, with names in place of values that are not captured yet", async () => {
    const event_id = await storeEvent({}, contentOf({ Id: "disk" }));
    const { id } = await createDestination({ requests: REQUESTS });
    const shown = unwrap(await client.destinations.preview(id, { event_id, event_type: "alert.resolved" }));
    expect(shown).toEqual({
      ok: true,
      event_id,
      content_type: "text/plain",
      body: "done",
      url: "https://hooks.example.com/issue/issue_key/transitions",
      method: "PUT",
      placeholders: ["issue_key"],
    });
  });

  it("names no captured values for a destination that keeps none", async () => {
    const event_id = await storeEvent({}, contentOf({ captured: { by: "camera 4" } }));
    const body = "{{ captured.by }}";
    const { id } = await createDestination({ payload: { mode: "template", content_type: "text/plain", body } });
    expect(unwrap(await client.destinations.preview(id, { event_id }))).toEqual({
      ok: true,
      event_id,
      content_type: "text/plain",
      body: "camera 4",
    });
  });

  it("shows values that the alert has", async () => {
    const alert_id = "alr_0000000000000000000000000001";
    const event_id = await storeEvent({ alert_id }, contentOf({ Id: "disk" }));
    const { id } = await createDestination();
    await tables.captured_values.insert({
      alert_id,
      destination_id: id,
      captured: { issue_key: ["OPS/7", event_id] },
    });
    const requests = { "alert.resolved": { url: REQUESTS["alert.resolved"].url } } as const;
    const tried = { event_id, event_type: "alert.resolved", requests } as const;
    expect(unwrap(await client.destinations.preview(id, tried))).toMatchObject({
      url: "https://hooks.example.com/issue/OPS%2F7/transitions",
    });
    const bad = await client.destinations.preview(id, { requests: unchecked({ "alert.created": { body: "{{" } }) });
    expect(faultsOf(bad)).toEqual(["requests.alert.created.body"]);
  });
});
