import { beforeEach, describe, expect, it } from "vitest";
import { parseCloseGroupMessage, parseDeliveryMessage } from "../../src/model/delivery.ts";
import { type SystemSignal, type EventMessage, parseEventMessage } from "../../src/model/event.ts";
import { groupEventIdOf, groupIdOf, timeOf } from "../../src/model/ids.ts";
import { takeEvents } from "../support/deliveries.ts";
import {
  type Seen,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  storedEvents,
} from "../support/world.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";
const DATA = { destination_id: FIRST, reason: "gone" };

let seen: Seen[] = [];

beforeEach(async () => {
  seen = fakeOutside();
  await insertDestination(FIRST);
  await insertDestination(SECOND);
});

function systemEvent(more: Partial<SystemSignal> = {}): EventMessage {
  const message = eventMessage("create", "none");
  const request = { ...message.content.request, body: JSON.stringify(DATA) };
  const signal = { action: "announce", type: "destination.disabled", note: null, ...more } as const;
  return { ...message, integration_id: "", content: { kind: "gateway", request, signal } };
}

describe("a system event", () => {
  it("goes to the routes that name its type, with its payload as the whole of `data`", async () => {
    await insertRoute("rte_all", [FIRST]);
    await insertRoute("rte_named", [SECOND], ["destination.disabled"]);
    const message = systemEvent();
    await takeEvents(createWorld().context, [{ body: message }]);
    expect(seen.map(({ url }) => url)).toEqual([`https://receiver.example.com/${SECOND}`]);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      type: "destination.disabled",
      timestamp: message.received_at,
      data: DATA,
    });
    expect(await storedEvents()).toMatchObject([
      { type: "destination.disabled", outcome: "received", alert_id: null, weight: 1 },
    ]);
  });

  it("goes to the destinations that it names, whatever routes say, and counts with its weight", async () => {
    await insertRoute("rte_named", [SECOND], ["destination.disabled"]);
    await takeEvents(createWorld().context, [
      { body: systemEvent({ owed: { route_id: "rte_gone", destination_ids: [FIRST] }, weight: 7 }) },
    ]);
    expect(seen.map(({ url }) => url)).toEqual([`https://receiver.example.com/${FIRST}`]);
    expect(await storedEvents()).toMatchObject([{ weight: 7, deliveries: [{ route_id: "rte_gone" }] }]);
  });

  it("is read from the queue as it was sent, and in no other form", () => {
    const message = systemEvent({ owed: { route_id: "rte_1", destination_ids: [FIRST] }, weight: 2 });
    const carried = (signal: unknown): unknown =>
      JSON.parse(JSON.stringify({ ...message, content: { ...message.content, signal } }));
    expect(parseEventMessage(carried(message.content.signal))).toEqual(message);
    for (const wrong of [
      { action: "announce" },
      { action: "announce", type: "alert.created" },
      { action: "announce", type: "event.group", owed: { route_id: "rte_1" } },
      { action: "announce", type: "event.group", owed: { route_id: 1, destination_ids: [] } },
      { action: "announce", type: "event.group", weight: 0 },
    ]) {
      expect(parseEventMessage(carried(wrong))).toBeNull();
    }
  });
});

describe("a message that asks for a group to be closed", () => {
  it("is read as it was sent, and not as one for a delivery", () => {
    const body = { v: 1, close_group: "grp_1" };
    expect(parseCloseGroupMessage(body)).toEqual(body);
    expect(parseDeliveryMessage(body)).toBeNull();
    expect(parseCloseGroupMessage({ v: 1, delivery_id: "dlv_1", attempts: 0 })).toBeNull();
    expect(parseCloseGroupMessage({ v: 2, close_group: "grp_1" })).toBeNull();
    expect(parseCloseGroupMessage({ v: 1, close_group: 1 })).toBeNull();
  });
});

it("the event of a group carries the end of its window, and differs by opening event and by route", () => {
  const closesAt = Date.parse("2026-11-20T10:00:30.000Z");
  const events = [eventMessage("create", "a").id, eventMessage("create", "b").id];
  const routes = ["rte_01kb2z5d8000000123456789abcdefg", "rte_01kb2z5d8000000223456789abcdefg"];
  const ids = routes.flatMap((route) => events.map((event) => groupEventIdOf(groupIdOf(route, event), closesAt)));
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) {
    expect(id).toMatch(/^evt_[0-9a-z]{28}$/);
    expect(timeOf(id)).toBe(closesAt);
  }
  const [route = "", event = ""] = [routes[0], events[0]];
  expect(groupEventIdOf(groupIdOf(route, event), closesAt)).toBe(ids[0]);
});
