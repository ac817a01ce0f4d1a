import { contextOf, type Context } from "../../src/context.ts";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../../src/platform/bindings.ts";
import { consumeEvents } from "../../src/pipeline/consume-events.ts";
import { maintain } from "../support/maintenance.ts";
import { type FakeDatabase, type FakeQueue, bindingsWith, fakeDatabase, fakeQueue } from "../support/bindings.ts";
import { type Fate, fakeBatch, storedDeliveries } from "../support/deliveries.ts";
import { insertIntegrationRow } from "../support/integrations.ts";
import { post } from "../support/posting.ts";
import { type Seen, fakeOutside, insertRouted, storedEvents } from "../support/world.ts";
import { tables } from "../support/tables.ts";

const INTEGRATION = { id: "int_night", token: "night-watch-token" };
const DESTINATION = "dst_0000000000000000000000000001";
const ATTEMPTS_OF_A_MINUTE = 6;

/** The parts of the platform, each of which can fail. */
type Platform = { readonly database: FakeDatabase; queue: FakeQueue; bodies: "takes" | "throws"; readonly env: Env };

function platformOf(durability: "queue" | "outbox"): Platform {
  const database = fakeDatabase();
  const platform: Platform = {
    database,
    queue: fakeQueue(),
    bodies: "takes",
    env: bindingsWith({
      ACCEPT_DURABILITY: durability,
      DB: database.db,
      EVENTS: new Proxy(env.EVENTS, { get: (_, name) => Reflect.get(platform.queue.queue, name) }),
      DELIVERIES: fakeQueue().queue,
      BODIES: new Proxy(env.BODIES, {
        get(target, name) {
          if (platform.bodies === "throws") return () => Promise.reject(new Error("R2 is down"));
          const member: unknown = Reflect.get(target, name);
          return typeof member === "function" ? member.bind(target) : member;
        },
      }),
    }),
  };
  contextOf(platform.env);
  return platform;
}

let shiftMs = 0;
let seen: Seen[] = [];

function platformContext({ env: bindings }: Platform): Context {
  return { ...contextOf(bindings), random: () => 0 };
}

async function setUp(durability: "queue" | "outbox" = "queue"): Promise<Platform> {
  const platform = platformOf(durability);
  await insertIntegrationRow(INTEGRATION);
  await insertRouted(DESTINATION);
  return platform;
}

async function send(platform: Platform, key: string, headers: Readonly<Record<string, string>> = {}, filler = "") {
  return await post(platform.env, `/integration/${INTEGRATION.id}`, {
    headers: { "pagertree-token": INTEGRATION.token, "content-type": "application/json", ...headers },
    body: JSON.stringify({ event_type: "create", Id: key, Title: key, Description: filler }),
  });
}

type Waiting = { readonly body: unknown; readonly attempts: number };

/** Gives the consumer what waits. Returns the messages to retry, with their delays. */
async function take(platform: Platform, waiting: readonly Waiting[]) {
  const { batch, fates } = fakeBatch("hookgate-events", waiting);
  const ctx = createExecutionContext();
  await consumeEvents(platformContext(platform), batch, ctx);
  await waitOnExecutionContext(ctx);
  const isBack = (fate: Fate | undefined): boolean => fate?.kind !== "acked";
  const back = waiting.filter((_, index) => isBack(fates[index]));
  return { back: back.map((each) => ({ ...each, attempts: each.attempts + 1 })), fates };
}

function queued({ queue }: Platform): Waiting[] {
  return queue.sent.splice(0).map((body) => ({ body, attempts: 1 }));
}

async function outboxRows(): Promise<unknown> {
  return await tables.outbox.count();
}

beforeEach(() => {
  shiftMs = 0;
  const realNow = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => realNow() + shiftMs);
  for (const level of ["info", "warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  seen = fakeOutside();
});

describe("while D1 is out for a minute", () => {
  it.each(["throws", "hangs"] as const)(
    "and %s, the endpoint continues to accept for an integration that it knows",
    async (fault) => {
      const platform = await setUp();
      expect((await send(platform, "before")).status).toBe(200);
      platform.database.behaviour = fault;
      for (let shot = 0; shot < (fault === "throws" ? ATTEMPTS_OF_A_MINUTE : 2); shot++) {
        shiftMs += 10_000;
        expect((await send(platform, `during-${shot}`)).status).toBe(200);
      }
      platform.database.behaviour = "takes";
      const waiting = queued(platform);
      expect((await take(platform, waiting)).back).toEqual([]);
      const deliveries = await storedDeliveries();
      expect(deliveries).toHaveLength(waiting.length);
      expect(deliveries.every(({ status }) => status === "delivered")).toBe(true);
    },
  );

  it("the consumer retries messages later each time, loses none, and delivers each once afterwards", async () => {
    const platform = await setUp();
    for (const key of ["a", "b", "c"]) expect((await send(platform, key)).status).toBe(200);
    let waiting = queued(platform);
    platform.database.behaviour = "throws";
    const delays: unknown[] = [];
    for (let round = 0; round < ATTEMPTS_OF_A_MINUTE; round++) {
      shiftMs += 10_000;
      const taken = await take(platform, waiting);
      expect(taken.back).toHaveLength(3);
      expect(new Set(taken.fates.map((fate) => JSON.stringify(fate))).size).toBe(1);
      delays.push(taken.fates.map((fate) => (fate.kind === "retried" ? fate.delay_seconds : null))[0]);
      waiting = taken.back;
    }
    expect(delays).toEqual([2, 4, 8, 16, 32, 64]);
    expect(seen).toEqual([]);
    platform.database.behaviour = "takes";
    expect((await take(platform, waiting)).back).toEqual([]);
    expect((await storedDeliveries()).map(({ status }) => status)).toEqual(["delivered", "delivered", "delivered"]);
    expect(seen).toHaveLength(3);
  });

  it("the sender of an integration that was never read is asked to come again", async () => {
    const platform = await setUp();
    platform.database.behaviour = "throws";
    const answer = await send(platform, "early");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(queued(platform)).toEqual([]);
  });
});

describe("while the queue is out", () => {
  it.each(["queue", "outbox"] as const)(
    "the outbox holds accepted events (%s first), and maintenance sends them",
    async (durability) => {
      const platform = await setUp(durability);
      platform.queue = fakeQueue("throws");
      for (const key of ["a", "b"]) expect((await send(platform, key)).status).toBe(200);
      expect(await outboxRows()).toBe(2);
      shiftMs += 60_000;
      await maintain(contextOf(platform.env), "* * * * *", Date.now());
      expect(await outboxRows()).toBe(2);
      platform.queue = fakeQueue();
      shiftMs += 60_000;
      await maintain(contextOf(platform.env), "* * * * *", Date.now());
      expect((await take(platform, queued(platform))).back).toEqual([]);
      expect(await outboxRows()).toBe(0);
      expect((await storedDeliveries()).map(({ status }) => status)).toEqual(["delivered", "delivered"]);
    },
  );
});

describe("while D1 and the queue are out", () => {
  it.each(["queue", "outbox"] as const)("nothing is accepted (%s first): 503 with Retry-After", async (durability) => {
    const platform = await setUp(durability);
    await send(platform, "before");
    platform.database.behaviour = "throws";
    platform.queue = fakeQueue("throws");
    const answer = await send(platform, "during");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({ status: 503, detail: expect.any(String) });
  });
});

describe("while R2 is out", () => {
  const LARGE = "x".repeat(200_000);

  it("a body that fits a message is accepted; a larger one is 503, and nothing of it is stored", async () => {
    const platform = await setUp();
    platform.bodies = "throws";
    expect((await send(platform, "small")).status).toBe(200);
    expect(queued(platform)).toHaveLength(1);
    const answer = await send(platform, "large", {}, LARGE);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(queued(platform)).toEqual([]);
    expect(await outboxRows()).toBe(0);
  });

  it("an event that was accepted before waits, and is delivered afterwards", async () => {
    const platform = await setUp();
    expect((await send(platform, "large", {}, LARGE)).status).toBe(200);
    platform.bodies = "throws";
    const { back } = await take(platform, queued(platform));
    expect(back).toHaveLength(1);
    platform.bodies = "takes";
    expect((await take(platform, back)).back).toEqual([]);
    expect((await storedDeliveries()).map(({ status }) => status)).toEqual(["delivered"]);
    expect(seen[0]?.body).toContain(LARGE);
  });
});

it("fifty concurrent repeats get the same response, and are one event with one delivery", async () => {
  const platform = await setUp();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => send(platform, "disk", { "idempotency-key": "order-17" })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
  const shapes = await Promise.all(answers.map(async (each) => Object.keys((await each.json()) ?? {}).join()));
  expect(new Set(shapes)).toEqual(new Set(["status,id,request_id,attempt"]));
  const waiting = queued(platform);
  expect(waiting).toHaveLength(50);
  // Several consumers at once.
  const parts = Array.from({ length: 5 }, (_, part) => waiting.filter((__, index) => index % 5 === part));
  let back = (await Promise.all(parts.map((part) => take(platform, part)))).flatMap((taken) => taken.back);
  while (back.length > 0) back = (await take(platform, back)).back;
  expect(await storedEvents()).toHaveLength(1);
  expect(await storedDeliveries()).toMatchObject([{ status: "delivered" }]);
  expect(new Set(seen.map(({ headers }) => headers.get("webhook-id"))).size).toBe(1);
});
