import { beforeEach, describe, expect, it } from "vitest";
import type { EventMessage } from "../../src/model/event.ts";
import { takeEvents } from "../support/deliveries.ts";
import {
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertRouted,
  storedAlerts,
  storedEvents,
} from "../support/world.ts";
import { tables } from "../support/tables.ts";

const ID = "dst_0000000000000000000000000001";

/** Gives the consumer an event that the queue delivers for the nth time. */
async function take(world: World, message: EventMessage, attempts: number) {
  return (await takeEvents(world.context, [{ body: message, attempts }]))[0];
}

/** Creates an alert whose opener is in its history only. */
async function startWithout(opener: EventMessage): Promise<World> {
  await tables.alert_histories.insert({ namespace: "int_test", key: "disk", log: { [opener.id]: "create" } });
  return createWorld();
}

beforeEach(async () => {
  await insertRouted(ID);
});

describe("an event whose alert was opened by one that another consumer has", () => {
  it("waits for that event, longer each time", async () => {
    const world = await startWithout(eventMessage("create", "disk"));
    const repeat = eventMessage("create", "disk");
    expect(await take(world, repeat, 1)).toEqual({ kind: "retried", delay_seconds: 2 });
    expect(await take(world, repeat, 5)).toEqual({ kind: "retried", delay_seconds: 32 });
    expect(await storedEvents()).toEqual([]);
  });

  it("does not wait for ever: a lost event does not block its alert", async () => {
    const seen = fakeOutside();
    const world = await startWithout(eventMessage("create", "disk"));
    const resolve = eventMessage("resolve", "disk");
    expect(await take(world, resolve, 12)).toEqual({ kind: "acked" });
    expect(await storedEvents()).toMatchObject([{ id: resolve.id, outcome: "resolved" }]);
    expect(seen).toHaveLength(1);
  });

  it("and the alert shows the fields of that event if it arrives after all", async () => {
    fakeOutside();
    const opener = eventMessage("create", "disk", { title: "Disk is full" });
    const world = await startWithout(opener);
    const repeat = eventMessage("create", "disk");
    await take(world, repeat, 12);
    await take(world, opener, 1);
    expect((await storedEvents()).map(({ outcome }) => outcome)).toEqual(["created", "repeated"]);
    expect(await storedAlerts()).toMatchObject([{ status: "open", dedup_count: 1 }]);
    expect(JSON.parse(String(await tables.alerts.value("fields")))).toMatchObject({ title: "Disk is full" });
  });
});
