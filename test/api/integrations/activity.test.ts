import { beforeEach, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import type { EventMessage } from "../../../src/model/event.ts";
import { createIdMinter } from "../../../src/model/ids.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createIntegration } from "../../support/api.ts";
import { maintain } from "../../support/maintenance.ts";
import { measureInvocation } from "../../support/strict-platform/invocation.ts";
import { PAID } from "../../support/strict-platform/limits.ts";
import { tables } from "../../support/tables.ts";
import { type World, createWorld, eventMessage, fakeOutside, processBatch } from "../../support/world.ts";

const MINUTE = 60_000;

let world: World = createWorld();

beforeEach(() => {
  world = createWorld();
  fakeOutside();
});

function eventOf(integrationId: string, kind = "alert"): EventMessage {
  const message = eventMessage("create", "disk");
  return { ...message, integration_id: integrationId, content: { ...message.content, kind } };
}

/** The id and time of an event that is received at the world's time. */
function mintNow(): Pick<EventMessage, "id" | "received_at"> {
  const mint = createIdMinter(world.context.clock, (length) => crypto.getRandomValues(new Uint8Array(length)));
  const { id, at_ms } = mint("evt");
  return { id, received_at: new Date(at_ms).toISOString() };
}

async function lastEventOf(id: string): Promise<string | null> {
  return unwrap(await client.integrations.get(id)).last_event_at;
}

async function maintainAfter(minutes: number): Promise<void> {
  world.pass(minutes * MINUTE);
  await maintain(contextOf(world.context.env), "* * * * *", world.context.clock());
}

it("an integration shows when it received its last event, at once and after that was counted", async () => {
  const { id, last_event_at } = await createIntegration();
  expect(last_event_at).toBeNull();
  const first = eventOf(id);
  await processBatch(world.context, [first]);
  expect(await lastEventOf(id)).toBe(first.received_at);
  await maintainAfter(2);
  expect(await lastEventOf(id)).toBe(first.received_at);
  const second = { ...eventOf(id), ...mintNow() };
  await processBatch(world.context, [second]);
  expect(await lastEventOf(id)).toBe(second.received_at);
  expect(unwrap(await client.integrations.update(id, { name: "other" })).last_event_at).toBe(second.received_at);
});

it("the time outlives the event", async () => {
  const { id } = await createIntegration();
  const event = eventOf(id);
  await processBatch(world.context, [event]);
  await maintainAfter(2);
  await tables.events.delete();
  expect(await lastEventOf(id)).toBe(event.received_at);
});

it("events that the gateway made do not count as the sender's", async () => {
  const { id } = await createIntegration();
  await processBatch(world.context, [eventOf(id, "silence"), eventOf(id, "manual"), eventOf("")]);
  expect(await lastEventOf(id)).toBeNull();
  await maintainAfter(2);
  expect(await lastEventOf(id)).toBeNull();
});

it("events from before an upgrade are found", async () => {
  const { id } = await createIntegration();
  const event = eventOf(id);
  await processBatch(world.context, [event]);
  const through = "evt_zzzzzzzzzzzzzzzzzzzzzzzzzzzz";
  const gaps = { isolates: {}, forgotten: 0 };
  await tables.maintenance_tasks.insert({ task: "acceptance", position: { version: 3, through, gaps } });
  expect(await lastEventOf(id)).toBe(event.received_at);
});

it("a page of integrations takes as many queries as a single one", async () => {
  for (let n = 0; n < 60; n++) await createIntegration();
  const list = async (limit: number) =>
    (await measureInvocation(PAID, async () => unwrap(await client.integrations.list({ limit })))).usage.d1_queries;
  await list(1);
  expect(await list(50)).toBe(await list(1));
});
