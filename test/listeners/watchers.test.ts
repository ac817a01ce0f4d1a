import { createExecutionContext, runDurableObjectAlarm, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import worker from "../../src/index.ts";
import { consume } from "../../src/background.ts";
import { unwrap } from "../../src/client/index.ts";
import { WATCHERS } from "../../src/delivery/listeners/objects.ts";
import { LISTEN_CHANGED } from "../../src/model/connection.ts";
import { ORIGIN, client, createIntegration, unchecked } from "../support/api.ts";
import { fakeBatch } from "../support/deliveries.ts";
import { signIn } from "../support/sessions.ts";
import { tables } from "../support/tables.ts";
import { eventMessage } from "../support/world.ts";

const WITHIN = { timeout: 60_000 };
const NOTHING = { version: 1, integrations: {}, destinations: {}, routes: {} } as const;

const stub = env.LISTENERS.get(env.LISTENERS.idFromName(WATCHERS));

async function open(headers: Record<string, string>): Promise<Response> {
  const request = new Request(`${ORIGIN}/api/v1/live`, { headers: { upgrade: "websocket", ...headers } });
  return await worker.fetch(request, env, createExecutionContext());
}

/** A dashboard that is open. */
class Dashboard {
  readonly socket: WebSocket;
  readonly messages: unknown[] = [];
  closed = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.accept();
    socket.addEventListener("message", ({ data }) => this.messages.push(data));
    socket.addEventListener("close", ({ code }) => (this.closed = code));
  }

  static async open(headers: Record<string, string> = { authorization: `Bearer ${env.ADMIN_TOKEN}` }) {
    const { webSocket, status } = await open(headers);
    if (webSocket === null) throw new Error(`There is no WebSocket: ${status}.`);
    return new Dashboard(webSocket);
  }

  async isNotified(count = 1): Promise<void> {
    await vi.waitFor(() => expect(this.messages.length).toBeGreaterThanOrEqual(count), WITHIN);
    expect(new Set(this.messages)).toEqual(new Set([LISTEN_CHANGED]));
  }
}

async function readerToken() {
  const { token, id } = unwrap(await client.tokens.create({ name: "t", scopes: ["read"] }));
  return { id, headers: { authorization: `Bearer ${token}` } };
}

async function consumeEvent(): Promise<void> {
  const { id } = await createIntegration();
  const ctx = createExecutionContext();
  const body = { ...eventMessage("create", "disk"), integration_id: id };
  await consume(fakeBatch("hookgate-events", [{ body }]).batch, env, ctx);
  await waitOnExecutionContext(ctx);
}

async function watchedUntil(): Promise<unknown> {
  return await tables.config_revision.value("watched_until");
}

beforeEach(async () => {
  // The object may know those who looked in an earlier test.
  await stub.fetch("https://listener/changed", { method: "POST" });
});

describe("a dashboard that is open", () => {
  it("is notified when events are recorded, of nothing but that", async () => {
    const { headers } = await readerToken();
    const dashboard = await Dashboard.open(headers);
    await consumeEvent();
    await dashboard.isNotified();
    dashboard.socket.close(1_000);
  });

  it("is notified when the configuration changes", async () => {
    const dashboard = await Dashboard.open();
    unwrap(await client.config.apply({ ...NOTHING, integrations: { n: { type: "catch" } } }));
    await dashboard.isNotified();
    dashboard.socket.close(1_000);
  });

  it("costs a row in five minutes, however many there are", async () => {
    expect(await watchedUntil()).toBe(0);
    const first = await Dashboard.open();
    const until = await watchedUntil();
    expect(until).toBeGreaterThan(Date.now());
    const second = await Dashboard.open();
    await runDurableObjectAlarm(stub);
    expect(await watchedUntil()).toBe(until);
    vi.spyOn(Date, "now").mockReturnValue(Number(until) - 150_000);
    for (const { socket } of [first, second]) socket.send("ping");
    const third = await Dashboard.open();
    await runDurableObjectAlarm(stub);
    expect(await watchedUntil()).toBe(Number(until) + 150_000);
    for (const { socket } of [first, second, third]) socket.close(1_000);
  });

  it("that comes back is notified again, although one of its absence was not", async () => {
    const first = await Dashboard.open();
    first.socket.close(1_000);
    await vi.waitFor(async () => {
      expect(await (await stub.fetch("https://listener/changed", { method: "POST" })).json()).toBe(0);
    }, WITHIN);
    await consumeEvent();
    const second = await Dashboard.open();
    await consumeEvent();
    await second.isNotified();
    second.socket.close(1_000);
  });

  it("is not there any more when its token is deleted", async () => {
    const { id, headers } = await readerToken();
    const dashboard = await Dashboard.open(headers);
    unwrap(await client.tokens.delete(id));
    await vi.waitFor(() => expect(dashboard.closed).toBe(4003), WITHIN);
  });

  it("is replaced when 40 others are open", async () => {
    const first = await Dashboard.open();
    const others = [];
    for (let index = 0; index < 40; index++) others.push(await Dashboard.open());
    await vi.waitFor(() => expect(first.closed).toBe(4001), WITHIN);
    expect(others.map(({ closed }) => closed)).toEqual(others.map(() => 0));
    for (const { socket } of others) socket.close(1_000);
  });
});

it("makes no call of an object while nobody looks", async () => {
  const get = vi.spyOn(env.LISTENERS, "get");
  await consumeEvent();
  expect(get).not.toHaveBeenCalled();
});

it("a page of another origin cannot watch with a session", async () => {
  const cookie = await signIn();
  expect((await open({ cookie, origin: "https://evil.example" })).status).toBe(403);
  expect((await open({ cookie })).status).toBe(403);
  expect((await open({ cookie, origin: ORIGIN })).status).toBe(101);
});

it("a gateway without the binding says so, and another request than a WebSocket's is refused", async () => {
  const { LISTENERS: _listeners, ...bindings } = env;
  const without = { ...bindings, LISTENERS: unchecked(null) };
  const authorization = `Bearer ${env.ADMIN_TOKEN}`;
  const request = new Request(`${ORIGIN}/api/v1/live`, { headers: { upgrade: "websocket", authorization } });
  expect((await worker.fetch(request, without, createExecutionContext())).status).toBe(409);
  expect((await open({ authorization, upgrade: "h2c" })).status).toBe(426);
});
