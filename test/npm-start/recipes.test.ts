import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AuthorizationServer } from "../../scripts/drive/authorization-server.mjs";
import { Stage } from "../../scripts/drive/stage.mjs";
import { WITHIN } from "./stand.ts";

const CATCH = { name: "Anything", type: "catch" };

const stage = new Stage({ env: { RETRY_SCHEDULE: "1,1,1" } });
const { gateway } = stage;

beforeAll(() => gateway.start(), 120_000);
afterAll(() => stage.strike());

async function authorizationServer(): Promise<AuthorizationServer> {
  return await stage.open(new AuthorizationServer());
}

/** The deliveries to a destination, once there are so many and none is pending. */
async function settled(destination: { readonly id: string }, count: number) {
  return await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", `/deliveries?destination_id=${destination.id}`);
    expect(body.data.map(({ status }: { status: string }) => status)).toHaveLength(count);
    expect(body.data.map(({ status }: { status: string }) => status)).not.toContain("pending");
    return body.data;
  }, WITHIN);
}

test("each alert of Retrace becomes a text document that can be read back", async () => {
  const destination = await gateway.create("destinations", {
    name: "Alert documents",
    type: "document",
    options: { key: "alerts/{{ MonitorId }}/{{ data.event.id }}.txt" },
    payload: {
      mode: "template",
      content_type: "text/plain; charset=utf-8",
      body: "{{ SeverityName }}: {{ data.alert.title }}\nMonitor {{MonitorId}}\n",
    },
  });
  const integration = await stage.route({ name: "Retrace", type: "retrace" }, [destination]);
  const alert = { EventType: 1, AlertGroupId: 3, DeviceId: 7, DeviceName: "till-2", SeverityName: "Critical" };
  const first = await gateway.send(integration, { ...alert, MonitorId: 51, Name: "Memory" });
  const second = await gateway.send(integration, { ...alert, MonitorId: 52, Name: "Größe" });
  await settled(destination, 2);

  const documents = (await gateway.api("GET", `/destinations/${destination.id}/documents`)).body.data;
  expect(documents.map(({ key }: { key: string }) => key)).toEqual([
    `alerts/51/${first.body.id}.txt`,
    `alerts/52/${second.body.id}.txt`,
  ]);
  const headers = { authorization: `Bearer ${gateway.adminToken}` };
  const document = await fetch(documents[1].url, { headers });
  expect(document.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(await document.text()).toBe("Critical: Größe: till-2\nMonitor 52\n");
  expect((await fetch(documents[1].url)).status).toBe(401);
});

test("a template makes a body of one's own, signed, and fails in the open where it makes no JSON", async () => {
  const payload = {
    mode: "template",
    body: '{"what": {{ what | json }}, "count": {{ count }}, "id": "{{ data.event.id }}"}',
  };
  const { receiver, destination } = await stage.receiver("Own body", { payload, retry_schedule: [1] });
  const integration = await stage.route(CATCH, [destination]);
  const sent = await gateway.send(integration, { what: 'a "loaf"', count: 2 });
  await settled(destination, 1);
  expect(receiver.arrivals).toEqual([expect.objectContaining({ verified: true })]);
  expect(JSON.parse(receiver.arrivals[0]?.body ?? "")).toEqual({ what: 'a "loaf"', count: 2, id: sent.body.id });

  await gateway.send(integration, { what: "no count" });
  const [broken] = await settled(destination, 2);
  expect(broken).toMatchObject({ status: "dead", attempts: [{ status: null }, { status: null }] });
  expect(broken.attempts[0].error).toContain("JSON");
  expect(receiver.arrivals).toHaveLength(1);
});

test("Basic and Bearer credentials go along with each delivery", async () => {
  const basic = { type: "basic", username: "gate", password: "pass: wörd" };
  const expected = {
    Basic: `Basic ${Buffer.from("gate:pass: wörd").toString("base64")}`,
    Bearer: "Bearer a.token-of/ours=",
  };
  const one = await stage.receiver("Basic", { auth: basic });
  const other = await stage.receiver("Bearer", { auth: { type: "bearer", token: "a.token-of/ours=" } });
  const integration = await stage.route(CATCH, [one.destination, other.destination]);
  await gateway.send(integration, { n: 1 });
  await settled(one.destination, 1);
  await settled(other.destination, 1);
  expect(one.receiver.arrivals.map(({ headers }) => headers.authorization)).toEqual([expected.Basic]);
  expect(other.receiver.arrivals.map(({ headers }) => headers.authorization)).toEqual([expected.Bearer]);
  expect(JSON.stringify((await gateway.api("GET", "/destinations")).body)).not.toMatch(/wörd|token-of/);
});

test("a token by client credentials serves many deliveries, and is replaced within the attempt once it is refused", async () => {
  const server = await authorizationServer();
  const { receiver, destination } = await stage.receiver("Reports", { auth: server.clientCredentials });
  receiver.admits = (authorization) => server.admits(authorization);
  const integration = await stage.route(CATCH, [destination]);
  for (const n of [1, 2, 3, 4]) await gateway.send(integration, { n });
  await settled(destination, 4);
  expect(receiver.admitted.filter(({ verified }) => verified)).toHaveLength(4);
  expect(server.tokenRequests).toEqual([{ grant: "client_credentials", status: 200 }]);

  server.revoke();
  await gateway.send(integration, { n: 5 });
  const [last] = await settled(destination, 5);
  expect(last.attempts).toEqual([expect.objectContaining({ number: 1, status: 200 })]);
  expect(receiver.arrivals.map(({ answered }) => answered)).toEqual([200, 200, 200, 200, 401, 200]);
  expect(server.tokenRequests).toHaveLength(2);
});

test("a token by consent is fetched through the callback, and renewed with its refresh token", async () => {
  const server = await authorizationServer();
  const { receiver, destination } = await stage.receiver("Tickets", { auth: server.authorizationCode });
  receiver.admits = (authorization) => server.admits(authorization);
  const integration = await stage.route(CATCH, [destination]);
  const shown = async () => (await gateway.api("GET", `/destinations/${destination.id}`)).body.auth;
  expect(await shown()).toMatchObject({ connected: false });

  const { status, body } = await gateway.api("POST", `/destinations/${destination.id}/authorize`);
  expect(status).toBe(200);
  const page = await fetch(body.authorization_url, { headers: { accept: "text/html" } });
  expect([page.status, new URL(page.url).pathname]).toEqual([200, "/oauth/callback"]);
  expect(await page.text()).toContain("Tickets");
  expect(await shown()).toMatchObject({ connected: true });
  // The same callback again: its state is good once.
  expect((await fetch(page.url)).status).toBe(400);

  await gateway.send(integration, { n: 1 });
  await settled(destination, 1);
  server.revoke();
  await gateway.send(integration, { n: 2 });
  await settled(destination, 2);
  expect(receiver.admitted.filter(({ verified }) => verified)).toHaveLength(2);
  expect(server.tokenRequests).toEqual([
    { grant: "authorization_code", status: 200 },
    { grant: "refresh_token", status: 200 },
  ]);
});

test("a burst of Backtrace's notifications within a window is one request with histograms", async () => {
  const { receiver, destination } = await stage.receiver("Crash reports");
  const integration = await stage.route({ name: "Backtrace", type: "backtrace" }, [destination], {
    group_window_seconds: 4,
  });
  const crash = { universe: "bakery", project: "oven", fingerprint: "77c2", application: "ovend" };
  const versions = ["2.1", "2.0", "2.1", "2.1"];
  const answers = await Promise.all(
    versions.map((version, n) => {
      return gateway.send(integration, { ...crash, object_id: `a${n}`, attributes: { version: [[version, 2]] } });
    }),
  );
  await vi.waitFor(() => expect(receiver.arrivals).not.toHaveLength(0), WITHIN);

  await settled(destination, 1);
  expect(receiver.arrivals).toHaveLength(1);
  const [{ type, data, verified } = { type: "", data: null, verified: false }] = receiver.arrivals;
  expect({ type, verified }).toEqual({ type: "event.group", verified: true });
  expect(data).toMatchObject({ group: "bakery/oven/77c2", occurrences: 4, integration_id: integration.id });
  expect(new Set(data.event_ids)).toEqual(new Set(answers.map(({ body }) => body.id)));
  expect(data.attributes.version).toEqual([
    ["2.1", 6],
    ["2.0", 2],
  ]);
});

test("a dead delivery is retried under the same id, and a delivered event replayed under another", async () => {
  const { receiver, destination } = await stage.receiver("Shaky", { retry_schedule: [1] });
  receiver.answers = 503;
  const integration = await stage.route(CATCH, [destination]);
  const sent = await gateway.send(integration, { n: 1 });
  const [dead] = await settled(destination, 1);
  expect(dead).toMatchObject({ status: "dead", attempts: [{ status: 503 }, { status: 503 }] });

  receiver.answers = 204;
  expect((await gateway.api("POST", `/deliveries/${dead.id}/retry`)).status).toBe(200);
  const [retried] = await settled(destination, 1);
  expect(retried).toMatchObject({ id: dead.id, status: "delivered", attempts: [{}, {}, { number: 3, status: 204 }] });

  expect((await gateway.api("POST", `/events/${sent.body.id}/replay`)).body.deliveries).toHaveLength(1);
  const replayed = (await settled(destination, 2)).find(({ id }: { id: string }) => id !== dead.id);
  expect(replayed).toMatchObject({ event_id: sent.body.id, status: "delivered", replay_of: dead.id });
  expect(receiver.arrivals.map(({ id }) => id)).toEqual([dead.id, dead.id, dead.id, replayed.id]);
  expect(receiver.arrivals.every(({ verified }) => verified)).toBe(true);
  expect(new Set(receiver.arrivals.map(({ body }) => body)).size).toBe(1);
});

test("a token may do what its scopes say and nothing else", async () => {
  const reader = await gateway.create("tokens", { name: "Reader", scopes: ["read"] });
  const writer = await gateway.create("tokens", { name: "Writer", scopes: ["write"] });
  const made = { name: "Door", type: "catch" };
  const statusOf = async (...call: Parameters<typeof gateway.api>) => (await gateway.api(...call)).status;

  expect(await statusOf("GET", "/events", undefined, reader.token)).toBe(200);
  expect(await statusOf("POST", "/integrations", made, reader.token)).toBe(403);
  expect(await statusOf("POST", "/integrations", made, writer.token)).toBe(201);
  expect(await statusOf("POST", "/tokens", { name: "More", scopes: ["admin"] }, writer.token)).toBe(403);
  expect(await statusOf("GET", "/events", undefined, "hgt_nobody")).toBe(401);
  expect(await statusOf("DELETE", `/tokens/${reader.id}`)).toBe(204);
  expect(await statusOf("GET", "/events", undefined, reader.token)).toBe(401);
});

test("the books balance over deliveries that arrived, died, were replayed or owed to nobody", async () => {
  const before = await vi.waitFor(async () => {
    const { body } = await gateway.api("GET", "/reconciliation");
    expect(body).toMatchObject({ pending: 0, outbox: 0 });
    return body;
  }, WITHIN);
  const { receiver, destination } = await stage.receiver("Mixed", { retry_schedule: [1] });
  const integration = await stage.route(CATCH, [destination], { match: { "data.event.payload.n": { $gt: 0 } } });
  for (const n of [0, 1, 2]) await gateway.send(integration, { n });
  await settled(destination, 2);
  receiver.answers = 500;
  const { body: last } = await gateway.send(integration, { n: 3 });
  await settled(destination, 3);
  await gateway.api("POST", `/events/${last.id}/replay`);
  await settled(destination, 4);

  expect((await gateway.api("GET", "/reconciliation")).body).toEqual({
    ...before,
    accepted: before.accepted + 5,
    delivered: before.delivered + 2,
    dead: before.dead + 1,
    cancelled: before.cancelled + 1,
    ignored: before.ignored + 1,
    balanced: true,
  });
});
