import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/bindings.ts";
import { accept, createEventBatcher } from "../../src/ingest/accept.ts";
import { contextOf } from "../../src/context.ts";
import { parseEventMessage } from "../../src/model/event.ts";
import { type SendBehaviour, bindingsWith, fakeDatabase, fakeQueue } from "../support/bindings.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { eventMessage } from "../support/world.ts";
import { eventsIn, post } from "../support/posting.ts";
import { tables } from "../support/tables.ts";

const PATH = "/integration/int_open";
const BODY = JSON.stringify({ event_type: "resolve", Id: "genset-4/fuel" });

type Durability = "queue" | "outbox";

beforeEach(async () => {
  await insertIntegrationRow({ id: "int_open" });
});

async function outboxRows(): Promise<Record<string, unknown>[]> {
  return await tables.outbox.all();
}

/** Completes work that waits for time-outs only, by advancing the clock. */
async function hurry<T>(work: Promise<T>): Promise<T> {
  let isOver = false;
  const finished = work.finally(() => {
    isOver = true;
  });
  while (!isOver) await vi.advanceTimersByTimeAsync(500);
  return await finished;
}

/** Bindings whose database fails once the integration is cached. */
async function bindingsThat(durability: Durability, events: SendBehaviour, database: SendBehaviour) {
  const { db, ...rest } = { db: fakeDatabase(), queue: fakeQueue(events) };
  const changed: Partial<Env> = { ACCEPT_DURABILITY: durability, EVENTS: rest.queue.queue, DB: db.db };
  const bindings = bindingsWith(changed);
  await post(bindings, PATH, { method: "POST", body: "not JSON" });
  db.behaviour = database;
  return { bindings, sent: rest.queue.sent };
}

describe("with an outbox", () => {
  it("an event is in the outbox and in the queue, under its id", async () => {
    const { bindings, sent } = await bindingsThat("outbox", "takes", "takes");
    const before = Date.now();
    const answer = await post(bindings, PATH, { body: BODY });
    const [row] = await outboxRows();
    const [event] = eventsIn(sent);
    expect(await answer.json()).toMatchObject({ id: row?.["id"] });
    expect(row).toMatchObject({ id: event?.id, sends: 0 });
    expect(row?.["send_at"]).toBeGreaterThanOrEqual(before + 10_000);
    expect(parseEventMessage(JSON.parse(String(row?.["message"])))).toEqual(event);
  });

  it("the outbox alone is enough", async () => {
    const { bindings } = await bindingsThat("outbox", "throws", "takes");
    expect((await post(bindings, PATH, { body: BODY })).status).toBe(200);
    expect(await outboxRows()).toHaveLength(1);
  });

  it("the queue alone is not enough, because it would lose the event with its process", async () => {
    const { bindings, sent } = await bindingsThat("outbox", "takes", "throws");
    const answer = await post(bindings, PATH, { body: BODY });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(sent).toEqual([]);
  });
});

describe("with the queue", () => {
  it("no row is written while the queue takes events", async () => {
    const { bindings, sent } = await bindingsThat("queue", "takes", "takes");
    expect((await post(bindings, PATH, { body: BODY })).status).toBe(200);
    expect(sent).toHaveLength(1);
    expect(await outboxRows()).toEqual([]);
  });

  it("the outbox takes what the queue refuses", async () => {
    const { bindings } = await bindingsThat("queue", "throws", "takes");
    expect((await post(bindings, PATH, { body: BODY })).status).toBe(200);
    expect(await outboxRows()).toHaveLength(1);
  });
});

describe.each<Durability>(["queue", "outbox"])("with durability by %s", (durability) => {
  it("a queue that hangs delays the response by its time-out only", async () => {
    const { bindings } = await bindingsThat(durability, "hangs", "takes");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    expect((await hurry(post(bindings, PATH, { body: BODY }))).status).toBe(200);
    expect(await outboxRows()).toHaveLength(1);
  });

  it.each<[SendBehaviour, SendBehaviour]>([
    ["throws", "throws"],
    ["hangs", "hangs"],
  ])("the sender receives 503 with Retry-After if the queue %s and the database %s", async (events, database) => {
    const { bindings } = await bindingsThat(durability, events, database);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const answer = await hurry(post(bindings, PATH, { body: BODY }));
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await answer.json()).toMatchObject({ status: 503 });
  });

  it("events that arrive together share a batch", async () => {
    const { queue, sent } = fakeQueue();
    const sizes: number[] = [];
    // A queue responds in a later task.
    const later = async <T>(size: number, send: () => Promise<T>): Promise<T> => {
      sizes.push(size);
      await new Promise((resolve) => setTimeout(resolve));
      return await send();
    };
    const counting: Queue = {
      ...queue,
      send: (message) => later(1, () => queue.send(message)),
      sendBatch: (messages) => later([...messages].length, () => queue.sendBatch(messages)),
    };
    const bindings = bindingsWith({ ACCEPT_DURABILITY: durability, EVENTS: counting });
    const context = contextOf(bindings);
    const batcher = createEventBatcher(context);
    const messages = Array.from({ length: 130 }, (_, index) => eventMessage("create", `tank-${index}`));
    const accepted = await Promise.all(messages.map((message) => accept(context, [message], batcher)));
    expect(accepted).toEqual(messages.map(() => true));
    await vi.waitFor(() => expect(sent).toHaveLength(130));
    const numbers = messages.map((message, index) => ({
      ...message,
      from: { isolate: expect.any(String), number: index + 1 },
    }));
    expect(eventsIn(sent)).toMatchObject(numbers);
    expect(sizes.length).toBeLessThan(130);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(await outboxRows()).toHaveLength(durability === "outbox" ? 130 : 0);
  });

  it("an event too large for a message is stored in R2 and sent by reference", async () => {
    const { bindings, sent } = await bindingsThat(durability, "takes", "takes");
    // Fewer characters than the limit, and more bytes.
    const body = JSON.stringify({ event_type: "resolve", Id: "a", pad: "\u2603".repeat(50_000) });
    const answer = await post(bindings, PATH, { body });
    const [message] = sent.map(parseEventMessage);
    expect(message).toEqual({
      v: 1,
      id: expect.any(String),
      stored_at: `events/${message?.id}`,
      bytes: expect.any(Number),
      integration_id: "int_open",
      from: { isolate: expect.stringMatching(/^iso_/), number: expect.any(Number), sure: expect.any(Number) },
    });
    expect(await answer.json()).toMatchObject({ id: message?.id });
    const kept = parseEventMessage(await (await env.BODIES.get(`events/${message?.id}`))?.json());
    expect(kept).toMatchObject({ id: message?.id, content: { request: { body } } });
    const rows = await outboxRows();
    expect(rows.map((row) => JSON.parse(String(row["message"])))).toEqual(durability === "outbox" ? [message] : []);
  });

  it("an event above EVENT_ROW_BYTES is stored in R2, too", async () => {
    const { queue, sent } = fakeQueue();
    const bindings = bindingsWith({ ACCEPT_DURABILITY: durability, EVENTS: queue, EVENT_ROW_BYTES: "500" });
    await post(bindings, PATH, { body: JSON.stringify({ event_type: "resolve", Id: "a", pad: "x".repeat(500) }) });
    expect(sent.map(parseEventMessage)).toEqual([
      {
        v: 1,
        id: expect.any(String),
        stored_at: expect.stringMatching(/^events\//),
        bytes: expect.any(Number),
        integration_id: "int_open",
        from: expect.anything(),
      },
    ]);
  });

  it("an event of exactly the limit is sent in the message", async () => {
    const { bindings, sent } = await bindingsThat(durability, "takes", "takes");
    await post(bindings, PATH, { body: JSON.stringify({ event_type: "resolve", Id: "a", pad: "p".repeat(118_000) }) });
    expect(eventsIn(sent)).toHaveLength(1);
    expect(JSON.stringify(sent[0]).length).toBeGreaterThan(118_000);
  });

  it("a large event is not accepted if R2 fails", async () => {
    const { bindings, sent } = await bindingsThat(durability, "takes", "takes");
    const fails = () => Promise.reject(new Error("R2 is not there"));
    const failing = new Proxy(env.BODIES, { get: (_, name) => (name === "fetch" ? undefined : fails) });
    const answer = await post({ ...bindings, BODIES: failing }, PATH, {
      body: JSON.stringify({ event_type: "resolve", Id: "a", pad: "p".repeat(200_000) }),
    });
    expect(answer.status).toBe(503);
    expect(sent).toEqual([]);
  });
});

it("a request that waits for another one is resumed as in production", () => {
  expect(Cloudflare.compatibilityFlags).toMatchObject({ handle_cross_request_promise_resolution: true });
});
