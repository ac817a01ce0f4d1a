import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Context, contextOf, forgetContext } from "../../src/context.ts";
import { accept } from "../../src/ingest/accept.ts";
import { leaveLastNumber } from "../../src/ingest/last-number.ts";
import { consumeDeadLetters } from "../../src/pipeline/consume-dead-letters.ts";
import { type Reconciliation, unwrap } from "../../src/client/index.ts";
import { client } from "../support/api.ts";
import { bindingsWith, fakeQueue } from "../support/bindings.ts";
import { fakeBatch, takeEvents } from "../support/deliveries.ts";
import { faultyDatabase } from "../support/faulty-database.ts";
import { maintain } from "../support/maintenance.ts";
import { emptyMeter, meteredDatabase } from "../support/metered-database.ts";
import { tables } from "../support/tables.ts";
import { eventMessage, fakeOutside, insertRouted } from "../support/world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type Gateway = {
  readonly context: Context;
  /** Accepts an event. Returns what was put into the queue. */
  readonly send: (repeatKey?: string) => Promise<unknown>;
};

/** An isolate with durability by the queue. */
function startIsolate(DB: D1Database = env.DB): Gateway {
  forgetContext();
  const { queue, sent } = fakeQueue();
  const context = contextOf(bindingsWith({ ACCEPT_DURABILITY: "queue", EVENTS: queue, DB }));
  return {
    context,
    async send(repeatKey) {
      const own = repeatKey === undefined ? {} : { repeat_key: repeatKey };
      expect(await accept(context, [eventMessage("create", `key-${sent.length}`, own)])).toBe(true);
      return sent.at(-1);
    },
  };
}

let gateway = startIsolate();

beforeEach(async () => {
  gateway = startIsolate();
  fakeOutside();
  await insertRouted("dst_0000000000000000000000000001");
});

async function consume(...bodies: readonly unknown[]): Promise<void> {
  await takeEvents(
    gateway.context,
    bodies.map((body) => ({ body })),
  );
}

/** Lets time pass for the consumer. */
function pass(ms: number): void {
  gateway = { ...gateway, context: { ...gateway.context, clock: () => Date.now() + ms } };
}

/** Runs maintenance two minutes from now, and again when what it has found is reported. */
async function runMaintenance(laterMs = 0): Promise<void> {
  await maintain(gateway.context, "* * * * *", Date.now() + 2 * MINUTE + laterMs);
  await maintain(gateway.context, "* * * * *", Date.now() + HOUR + 3 * MINUTE + laterMs);
}

async function reconciliation(): Promise<Reconciliation> {
  return unwrap(await client.reconciliation.get());
}

async function missing(): Promise<unknown> {
  return (await reconciliation()).missing;
}

describe("a message that the queue lost", () => {
  it("is reported an hour after a later message has arrived, with the times between which it was accepted", async () => {
    const [first, , third] = [await gateway.send(), await gateway.send(), await gateway.send()];
    await consume(first, third);
    await maintain(gateway.context, "* * * * *", Date.now() + 2 * MINUTE);
    expect(await reconciliation()).toMatchObject({ missing: 0, gaps: [] });
    await maintain(gateway.context, "* * * * *", Date.now() + HOUR + 3 * MINUTE);
    const { missing: count, gaps } = await reconciliation();
    expect(count).toBe(1);
    expect(gaps).toEqual([
      { isolate: expect.stringMatching(/^iso_/), from: expect.any(String), to: expect.any(String), count: 1 },
    ]);
  });

  it("is withdrawn if it turns up", async () => {
    const [first, lost, third] = [await gateway.send(), await gateway.send(), await gateway.send()];
    await consume(first, third);
    await runMaintenance();
    expect(await missing()).toBe(1);
    pass(HOUR + 4 * MINUTE);
    await consume(lost);
    await runMaintenance(HOUR);
    expect(await missing()).toBe(0);
  });

  it("is logged while it is missing", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const [, second] = [await gateway.send(), await gateway.send()];
    await consume(second);
    await runMaintenance();
    expect(log.mock.calls.flat().join("\n")).toContain("reconciliation.messages_missing");
  });

  it("shows by the last number of an isolate that has fallen idle", async () => {
    await gateway.send();
    await leaveLastNumber(gateway.context, gateway.context.caches.numberings(0));
    expect(await tables.accepted_numbers.count()).toBe(1);
    await runMaintenance();
    expect(await missing()).toBe(1);
    expect(await tables.accepted_numbers.count()).toBe(0);
  });
});

it("an isolate is idle twenty seconds after its last request", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await gateway.send();
  await vi.advanceTimersByTimeAsync(19_000);
  expect(await tables.accepted_numbers.count()).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  vi.useRealTimers();
  await vi.waitFor(async () => expect(await tables.accepted_numbers.count()).toBe(1));
});

describe("nothing is missing", () => {
  it("if each message has arrived, in any order and twice", async () => {
    const [first, second, third] = [await gateway.send(), await gateway.send(), await gateway.send()];
    await consume(third, first);
    await consume(second, first);
    await runMaintenance();
    expect(await missing()).toBe(0);
  });

  it("if a message was a sender's repeat, which writes no event", async () => {
    const bodies = [
      await gateway.send("one"),
      await gateway.send("one"),
      await gateway.send("one"),
      await gateway.send(),
    ];
    await consume(...bodies.slice(0, 2));
    await consume(...bodies.slice(2));
    expect(await tables.events.count()).toBe(2);
    await runMaintenance();
    expect(await missing()).toBe(0);
  });

  it("if a message became a dead letter", async () => {
    const [first, second] = [await gateway.send(), await gateway.send()];
    const { batch } = fakeBatch("hookgate-dead-letters", [{ body: first }]);
    await consumeDeadLetters(gateway.context, batch);
    await consume(second);
    await runMaintenance();
    expect(await missing()).toBe(0);
  });

  it("if events were recorded after maintenance had counted their minute", async () => {
    const [first, second] = [await gateway.send(), await gateway.send()];
    await runMaintenance();
    pass(HOUR + 4 * MINUTE);
    await consume(first, second);
    await runMaintenance(HOUR);
    expect(await missing()).toBe(0);
  });

  it("if the sender received an error", async () => {
    const DB = faultyDatabase(() => "before");
    const failing = bindingsWith({ ACCEPT_DURABILITY: "queue", EVENTS: fakeQueue("throws").queue, DB });
    const first = await gateway.send();
    // The same isolate.
    expect(await accept(contextOf(failing), [eventMessage("create", "refused")])).toBe(false);
    await consume(first, await gateway.send());
    await runMaintenance();
    expect(await missing()).toBe(0);
  });

  it("of an isolate that ended without a later message", async () => {
    await gateway.send();
    gateway = startIsolate();
    await consume(await gateway.send());
    await runMaintenance();
    expect(await missing()).toBe(0);
  });
});

describe("the bill", () => {
  it("an idle isolate whose events are recorded writes nothing, and asks once", async () => {
    const meter = emptyMeter();
    gateway = startIsolate(meteredDatabase(meter));
    await consume(await gateway.send());
    meter.written = 0;
    meter.calls = 0;
    await leaveLastNumber(gateway.context, gateway.context.caches.numberings(0));
    await leaveLastNumber(gateway.context, gateway.context.caches.numberings(0));
    expect(meter).toMatchObject({ written: 0, calls: 1 });
  });

  it("an isolate leaves at most one row a minute", async () => {
    for (let i = 0; i < 3; i++) {
      await gateway.send();
      await leaveLastNumber(gateway.context, gateway.context.caches.numberings(0));
    }
    expect(await tables.accepted_numbers.count()).toBe(1);
  });

  it("a batch with several repeats writes one row", async () => {
    await consume(await gateway.send("one"));
    await consume(await gateway.send("one"), await gateway.send("one"));
    expect(await tables.accepted_numbers.count()).toBe(1);
  });
});
