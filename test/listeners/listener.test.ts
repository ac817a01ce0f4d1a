import { createExecutionContext, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import worker from "../../src/index.ts";
import type { Sent } from "../../src/delivery/request/send.ts";
import { LISTEN_CHANGED } from "../../src/model/connection.ts";
import type { ListenReply, ListenRequest } from "../../src/model/listen.ts";
import { unwrap } from "../../src/client/index.ts";
import { ORIGIN, client, clientOf, createDestination, faultsOf, statusOf, unchecked } from "../support/api.ts";
import { signIn } from "../support/sessions.ts";
import { eventWith, sendTo } from "../delivery/providers/stand.ts";

const WITHIN = { timeout: 60_000 };
const NOTHING = { version: 1, integrations: {}, destinations: {}, routes: {} } as const;
const BEARER = { authorization: `Bearer ${env.ADMIN_TOKEN}` };

async function createListener(options: object = {}): Promise<string> {
  return unwrap(await client.destinations.create({ name: "listener", type: "cli", options: { ...options } })).id;
}

async function upgrade(id: string, headers: Record<string, string> = BEARER): Promise<Response> {
  const request = new Request(`${ORIGIN}/api/v1/destinations/${id}/listen`, {
    headers: { upgrade: "websocket", ...headers },
  });
  return await worker.fetch(request, env, createExecutionContext());
}

/** A command: what it has received, and how it replies. */
class Command {
  readonly requests: ListenRequest[] = [];
  readonly socket: WebSocket;
  bytes = 0;
  changes = 0;
  closed = 0;
  text = "";

  private constructor(socket: WebSocket, reply: (request: ListenRequest) => Partial<ListenReply> | null) {
    this.socket = socket;
    socket.accept();
    socket.binaryType = "arraybuffer";
    socket.addEventListener("close", ({ code }) => (this.closed = code));
    socket.addEventListener("message", ({ data }) => {
      if (typeof data !== "string") {
        this.bytes += data.byteLength;
        this.text += new TextDecoder().decode(data);
        return;
      }
      if (data === LISTEN_CHANGED) {
        this.changes++;
        return;
      }
      const request: ListenRequest = JSON.parse(data);
      this.requests.push(request);
      const own = reply(request);
      const { request_id } = request;
      const usual = { type: "response", request_id, status: 200, retry_after: null, body: "ok", duration_ms: 7 };
      if (own !== null) socket.send(JSON.stringify({ ...usual, ...own }));
    });
  }

  static async connect(
    id: string,
    reply: (request: ListenRequest) => Partial<ListenReply> | null = () => ({}),
    headers: Record<string, string> = BEARER,
  ): Promise<Command> {
    const { webSocket } = await upgrade(id, headers);
    if (webSocket === null) throw new Error("There is no WebSocket.");
    return new Command(webSocket, reply);
  }
}

async function deliverTo(id: string, event = eventWith({ Host: "db-1" }), timeout_ms = 10_000): Promise<Sent> {
  return await sendTo({ id, type: "cli", timeout_ms }, event, { LISTENERS: env.LISTENERS });
}

describe("a listener", () => {
  it("receives the request, and its reply is the attempt", async () => {
    const id = await createListener();
    const command = await Command.connect(id, () => ({ status: 201, retry_after: "7" }));
    expect(await deliverTo(id)).toEqual({
      outcome: { kind: "responded", status: 201, retry_after_seconds: 7 },
      response_body: "ok",
      error: null,
      duration_ms: 7,
    });
    expect(command.requests).toMatchObject([{ delivery_id: "dlv_1", event_type: "alert.created", method: "POST" }]);
    expect(JSON.parse(command.text)).toMatchObject({ data: { event: { payload: { Host: "db-1" } } } });
  });

  it("receives 10 MB in pieces", async () => {
    const id = await createListener();
    const command = await Command.connect(id);
    const sent = await deliverTo(id, eventWith({ filler: "x".repeat(9_900_000) }));
    expect(sent.outcome).toMatchObject({ status: 200 });
    expect(command.bytes).toBe(command.requests[0]?.bytes);
    expect(command.bytes).toBeGreaterThan(9_900_000);
  });

  it("that is not there makes no attempt", async () => {
    expect((await deliverTo(await createListener())).outcome).toEqual({ kind: "not_connected" });
  });

  it("that does not reply in time is a timeout", async () => {
    const id = await createListener();
    await Command.connect(id, () => null);
    expect((await deliverTo(id, eventWith({}), 1_000)).outcome).toEqual({ kind: "timed_out" });
  });

  it("that fails is a failed attempt in its own words", async () => {
    const id = await createListener();
    await Command.connect(id, () => ({ type: "failure", is_timeout: false, error: "Connection refused." }));
    expect(await deliverTo(id)).toMatchObject({ outcome: { kind: "failed" }, error: "Connection refused." });
  });

  it("receives a request again, with the same id, after it has lost its connection", async () => {
    const id = await createListener();
    const first = await Command.connect(id, () => null);
    const sending = deliverTo(id);
    await vi.waitFor(() => expect(first.requests).toHaveLength(1), WITHIN);
    first.socket.close(1000);
    const second = await Command.connect(id);
    expect((await sending).outcome).toMatchObject({ status: 200 });
    expect(second.requests).toEqual(first.requests);
  });

  it("that does not come back has made no attempt", async () => {
    const id = await createListener();
    const command = await Command.connect(id, () => null);
    const sending = deliverTo(id, eventWith({}), 30_000);
    await vi.waitFor(() => expect(command.requests).toHaveLength(1), WITHIN);
    command.socket.close(1000);
    expect((await sending).outcome).toEqual({ kind: "not_connected" });
  });

  it("is replaced by a later one", async () => {
    const id = await createListener();
    const first = await Command.connect(id);
    const second = await Command.connect(id);
    await vi.waitFor(() => expect(first.closed).toBe(4001), WITHIN);
    expect((await deliverTo(id)).outcome).toMatchObject({ status: 200 });
    expect([first.requests.length, second.requests.length]).toEqual([0, 1]);
  });

  it.each([
    ["a deletion", async (id: string) => unwrap(await client.destinations.delete(id))],
    ["a document", async () => unwrap(await client.config.apply(NOTHING, { prune: true }))],
  ])("is told that its destination was deleted by %s", async (_how, deletion) => {
    const id = await createListener();
    const command = await Command.connect(id);
    await deletion(id);
    await vi.waitFor(() => expect(command.closed).toBe(4004), WITHIN);
  });

  it.each([
    ["a paused destination", async (id: string) => unwrap(await client.destinations.pause(id))],
    ["a disabled destination", async (id: string) => unwrap(await client.destinations.update(id, { enabled: false }))],
    [
      "a document",
      async () => unwrap(await client.config.apply({ ...NOTHING, integrations: { n: { type: "catch" } } })),
    ],
  ])("is told of %s", async (_of, change) => {
    const id = await createListener();
    const command = await Command.connect(id);
    await change(id);
    await vi.waitFor(() => expect(command.changes).toBe(1), WITHIN);
    expect(command.closed).toBe(0);
  });
});

it.each(["{", "{}", "x".repeat(20_000), new Uint8Array(3)])(
  "a message that is no reply closes the connection",
  async (message) => {
    const id = await createListener();
    const command = await Command.connect(id);
    command.socket.send(message);
    await vi.waitFor(() => expect(command.closed).toBe(4009), WITHIN);
  },
);

it("a listener that stays away is removed with its route, and one that is there is not", async () => {
  const id = await createListener({ remove_after_seconds: 10 });
  const route = unwrap(await client.routes.create({ name: "r", destination_ids: [id] }));
  const stub = env.LISTENERS.get(env.LISTENERS.idFromName(id));
  const command = await Command.connect(id);
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(statusOf(await client.destinations.get(id))).toBe(200);
  command.socket.close(1000);
  const now = vi.spyOn(Date, "now");
  let later = Date.now();
  await vi.waitFor(async () => {
    now.mockReturnValue((later += 600_000));
    await runDurableObjectAlarm(stub);
    expect(statusOf(await client.destinations.get(id))).toBe(404);
  }, WITHIN);
  expect(statusOf(await client.routes.get(route.id))).toBe(404);
});

it("a command that has been silent is not there any more", async () => {
  const id = await createListener();
  const command = await Command.connect(id);
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 100_000);
  await runDurableObjectAlarm(env.LISTENERS.get(env.LISTENERS.idFromName(id)));
  await vi.waitFor(() => expect(command.closed).toBe(4008), { timeout: 3_000 });
});

it("a page of another origin cannot listen with a session", async () => {
  const id = await createListener();
  const cookie = await signIn();
  expect((await upgrade(id, { cookie, origin: "https://evil.example" })).status).toBe(403);
  expect((await upgrade(id, { cookie })).status).toBe(403);
  expect((await upgrade(id, { cookie, origin: ORIGIN })).status).toBe(101);
});

it("nobody listens to a webhook, and nothing listens without the binding", async () => {
  expect((await upgrade((await createDestination()).id)).status).toBe(409);
  const { LISTENERS: _listeners, ...bindings } = env;
  const without = clientOf({ bindings: { ...bindings, LISTENERS: unchecked(null) } });
  const refused = await without.destinations.create({ name: "l", type: "cli" });
  expect([statusOf(refused), faultsOf(refused)]).toEqual([400, ["type"]]);
});

describe("the credentials of a listener", () => {
  async function withToken(fields: object = {}) {
    const { token, id: tokenId } = unwrap(await client.tokens.create({ name: "t", scopes: ["write"], ...fields }));
    const id = await createListener();
    return { id, tokenId, command: await Command.connect(id, () => ({}), { authorization: `Bearer ${token}` }) };
  }

  it.each([
    ["is deleted", async (id: string) => unwrap(await client.tokens.delete(id))],
    ["may only read", async (id: string) => unwrap(await client.tokens.update(id, { scopes: ["read"] }))],
  ])("end the connection when the token %s", async (_how, change) => {
    const { tokenId, command, id } = await withToken();
    await change(tokenId);
    await vi.waitFor(() => expect(command.closed).toBe(4003), WITHIN);
    expect((await deliverTo(id)).outcome).toEqual({ kind: "not_connected" });
    expect(command.requests).toEqual([]);
  });

  it("end the connection when the token expires, at the alarm", async () => {
    const expires_at = new Date(Date.now() + 60_000).toISOString();
    const { command, id } = await withToken({ expires_at });
    const stub = env.LISTENERS.get(env.LISTENERS.idFromName(id));
    const alarm = await runInDurableObject(stub, (_instance, state) => state.storage.getAlarm());
    expect(alarm).toBe(Date.parse(expires_at));
    vi.spyOn(Date, "now").mockReturnValue(Date.parse(expires_at));
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    await vi.waitFor(() => expect(command.closed).toBe(4003), WITHIN);
  });

  it("are looked at before a delivery, if nothing has said that they ended", async () => {
    const { tokenId, command, id } = await withToken();
    const { LISTENERS: _listeners, ...bindings } = env;
    unwrap(await clientOf({ bindings: { ...bindings, LISTENERS: unchecked(null) } }).tokens.delete(tokenId));
    const later = Date.now() + 40_000;
    vi.spyOn(Date, "now").mockReturnValue(later);
    expect((await deliverTo(id)).outcome).toEqual({ kind: "not_connected" });
    await vi.waitFor(() => expect(command.closed).toBe(4003), WITHIN);
  });

  it("stay if the token changes otherwise", async () => {
    const { tokenId, command, id } = await withToken();
    unwrap(await client.tokens.update(tokenId, { name: "other", scopes: ["admin"] }));
    expect((await deliverTo(id)).outcome).toMatchObject({ status: 200 });
    expect(command.closed).toBe(0);
  });

  it("of a browser end with its session", async () => {
    const cookie = await signIn();
    const id = await createListener();
    const command = await Command.connect(id, () => ({}), { cookie, origin: ORIGIN });
    const request = new Request(`${ORIGIN}/api/v1/sessions/current`, {
      method: "DELETE",
      headers: { cookie, origin: ORIGIN },
    });
    expect((await worker.fetch(request, env, createExecutionContext())).status).toBe(204);
    await vi.waitFor(() => expect(command.closed).toBe(4003), WITHIN);
  });

  it("of a browser are renewed after an hour by another connection", async () => {
    const cookie = await signIn();
    const id = await createListener();
    const command = await Command.connect(id, () => ({}), { cookie, origin: ORIGIN });
    const stub = env.LISTENERS.get(env.LISTENERS.idFromName(id));
    const alarm = await runInDurableObject(stub, (_instance, state) => state.storage.getAlarm());
    expect(alarm).toBeGreaterThan(Date.now() + 3_000_000);
    expect(command.closed).toBe(0);
  });
});

it("a listener that never connected is removed, too", async () => {
  const id = await createListener({ remove_after_seconds: 10 });
  const stub = env.LISTENERS.get(env.LISTENERS.idFromName(id));
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 11_000);
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(statusOf(await client.destinations.get(id))).toBe(404);
});
