import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { EventMessage } from "../../src/model/event.ts";
import { type IdMinter, createIdMinter } from "../../src/model/ids.ts";
import { contextOf } from "../../src/context.ts";
import { maintain } from "../support/maintenance.ts";
import { unwrap } from "../../src/client/index.ts";
import { client, createIntegration } from "../support/api.ts";
import { fakeQueue } from "../support/bindings.ts";
import { eventsIn } from "../support/posting.ts";
import { FIRST, ROUTE, closeAll, groupEvents, insertGroupingRoute } from "../support/groups.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  processBatch,
  storedEvents,
} from "../support/world.ts";
import { tables } from "../support/tables.ts";

const MINUTE = 60_000;

let world: World = createWorld();
let events = fakeQueue();
let id = "";
let mint: IdMinter = contextOf(env).mint;

beforeEach(async () => {
  fakeOutside();
  events = fakeQueue();
  world = createWorld({ EVENTS: events.queue });
  mint = createIdMinter(world.context.clock, (length) => crypto.getRandomValues(new Uint8Array(length)));
  vi.spyOn(contextOf(env), "mint").mockImplementation((prefix) => mint(prefix));
  ({ id } = await createIntegration({ name: "Backups", options: { expect_every_minutes: 60 } }));
  await pass(0);
});

/** Lets so many minutes pass, runs maintenance, and processes the gateway's own events. */
async function pass(minutes: number): Promise<void> {
  world.pass(minutes * MINUTE);
  await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
  await processBatch(world.context, eventsIn(events.sent.splice(0)));
}

function event(integrationId = id): EventMessage {
  const message = eventMessage("create", "disk");
  const minted = mint("evt");
  const received_at = new Date(minted.at_ms).toISOString();
  return { ...message, id: minted.id, integration_id: integrationId, received_at };
}

async function arrive(message = event()): Promise<void> {
  await processBatch(world.context, [message]);
}

type Shown = { readonly status: string; readonly title: string };

async function silences(integrationId = id): Promise<Shown[]> {
  return unwrap(await client.alerts.list({ integration_id: integrationId, limit: 250 }))
    .data.filter(({ key }) => key === "hookgate:silence")
    .map(({ status, title }) => ({ status, title }));
}

const OPEN = { status: "open", title: "No event from Backups for 60 minutes" };

describe("an integration that expects events", () => {
  it("gets one alert when none comes, which the next event resolves", async () => {
    await pass(59);
    expect(await silences()).toEqual([]);
    await pass(1);
    expect(await silences()).toEqual([OPEN]);
    for (let round = 0; round < 5; round++) await pass(60);
    expect(await silences()).toEqual([OPEN]);
    await arrive();
    await pass(1);
    expect(await silences()).toEqual([{ ...OPEN, status: "resolved" }]);
    await pass(58);
    expect(await silences()).toHaveLength(1);
    await pass(2);
    expect((await silences()).map(({ status }) => status)).toEqual(["open", "resolved"]);
  });

  it("gets none while events come", async () => {
    for (let round = 0; round < 10; round++) {
      await arrive();
      await pass(50);
    }
    expect(await silences()).toEqual([]);
  });

  it("does not count events of other integrations, nor events made by hand", async () => {
    await pass(40);
    await arrive(event("int_other"));
    const message = event();
    const content = { ...message.content, kind: "manual" };
    await arrive({ ...message, content });
    await pass(25);
    expect(await silences()).toEqual([OPEN]);
    await arrive(event("int_other"));
    await pass(1);
    expect(await silences()).toEqual([OPEN]);
  });

  it("does not count the gateway's own groups, so that the alert stays open if a route groups it", async () => {
    await insertDestination(FIRST);
    await insertGroupingRoute(ROUTE, [FIRST]);
    await pass(60);
    expect(await silences()).toEqual([OPEN]);
    for (let round = 0; round < 3; round++) {
      await closeAll(world);
      await pass(1);
      expect(await silences()).toEqual([OPEN]);
    }
    expect(await groupEvents()).toHaveLength(1);
    await arrive();
    await pass(1);
    expect(await silences()).toEqual([{ ...OPEN, status: "resolved" }]);
  });

  it("does not count a group that closes after the last event", async () => {
    await insertDestination(FIRST);
    await insertGroupingRoute(ROUTE, [FIRST], { group_window_seconds: 3_600 });
    await pass(10);
    await arrive();
    await pass(59);
    expect(await silences()).toEqual([]);
    await closeAll(world);
    expect(await groupEvents()).toHaveLength(1);
    await pass(1);
    expect(await silences()).toEqual([OPEN]);
  });

  it("counts an event that is recorded only after the alert was opened", async () => {
    await pass(58);
    const late = event();
    await pass(3);
    expect(await silences()).toEqual([OPEN]);
    await arrive(late);
    await pass(1);
    expect(await silences()).toEqual([{ ...OPEN, status: "resolved" }]);
  });

  it("counts events that came long before the run", async () => {
    await pass(10);
    world.pass(30 * MINUTE);
    await arrive();
    await pass(40);
    expect(await silences()).toEqual([]);
  });

  it("writes a row only now and then, however many events come", async () => {
    const seen = new Set<unknown>();
    for (let minute = 0; minute < 60; minute++) {
      await arrive();
      await pass(1);
      seen.add(await tables.heartbeats.value("seen_at"));
    }
    expect(seen.size).toBeLessThanOrEqual(5);
  });

  it("is not watched while it is disabled, nor after the option is removed", async () => {
    await client.integrations.update(id, { enabled: false });
    await pass(100);
    expect(await silences()).toEqual([]);
    await client.integrations.update(id, { enabled: true });
    await pass(1);
    await pass(59);
    expect(await silences()).toEqual([]);
    await pass(1);
    expect(await silences()).toEqual([OPEN]);
    await client.integrations.update(id, { options: { expect_every_minutes: null } });
    await pass(1);
    expect(await silences()).toEqual([{ ...OPEN, status: "resolved" }]);
    expect(await tables.heartbeats.count()).toBe(0);
  });

  it("gets its alert later if the event about it cannot be stored", async () => {
    world.pass(61 * MINUTE);
    const down = { ...world.context.env, EVENTS: fakeQueue("throws").queue };
    await tables.outbox.whileAway(() => maintain(contextOf(down), "* * * * *", world.context.clock()));
    expect(await storedEvents()).toEqual([]);
    await pass(1);
    expect(await silences()).toEqual([OPEN]);
  });
});
