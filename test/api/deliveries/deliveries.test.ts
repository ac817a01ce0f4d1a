import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { deliveryIdOf, eventIdOf } from "../../../src/model/ids.ts";
import { maintain } from "../../support/maintenance.ts";
import { fakeQueue } from "../../support/bindings.ts";
import { changeDestination, consumeQueued, onlyDelivery, storedDeliveries } from "../../support/deliveries.ts";
import {
  type Seen,
  type World,
  createWorld,
  eventMessage,
  fakeOutside,
  insertDestination,
  insertRoute,
  insertRouted,
  processBatch,
} from "../../support/world.ts";
import { type Reply, allPages, api, faults } from "../client.ts";
import { deliveryTo } from "../records.ts";
import { tables } from "../../support/tables.ts";

const FIRST = "dst_0000000000000000000000000001";
const SECOND = "dst_0000000000000000000000000002";
const OFF = "dst_0000000000000000000000000003";

let world: World = createWorld();
let seen: Seen[] = [];
let status = 200;

beforeEach(async () => {
  status = 200;
  world = createWorld();
  seen = fakeOutside(() => new Response("", { status }));
  await insertRouted(FIRST);
});

async function post(path: string, body?: object): Promise<Reply> {
  return await api("POST", path, body, {}, { DELIVERIES: world.context.env.DELIVERIES });
}

async function arrive(): Promise<string> {
  const message = eventMessage("create", "disk");
  await processBatch(world.context, [message]);
  return message.id;
}

/** Gives the only delivery another state, as if that had come about. */
async function set(state: string, reason: string | null = null): Promise<void> {
  await tables.events.update({}, { rescue_at: null });
  await tables.events.edit<object[]>({}, "deliveries", ([first, ...others]) => [
    { ...first, status: state, reason, next_attempt_at: null },
    ...others,
  ]);
  world.queued.splice(0);
}

function webhookIds(): (string | null)[] {
  return seen.map(({ headers }) => headers.get("webhook-id"));
}

describe("a retry by hand", () => {
  it.each(["dead", "cancelled"])("of a delivery that is %s tries the same delivery again at once", async (state) => {
    status = 503;
    await arrive();
    await set(state, "some_reason");
    const { id } = await onlyDelivery();
    status = 200;
    const reply = await post(`/deliveries/${id}/retry`);
    expect(reply).toMatchObject({ status: 200, json: { id, status: "pending", next_attempt_at: expect.any(String) } });
    await consumeQueued(world);
    expect(await onlyDelivery()).toMatchObject({ id, status: "delivered", replay_of: null });
    expect(webhookIds()).toEqual([id, id]);
  });

  it("of a pending delivery moves its next attempt to now", async () => {
    status = 503;
    await arrive();
    const { id } = await onlyDelivery();
    status = 200;
    const [late] = world.queued.splice(0);
    await post(`/deliveries/${id}/retry`);
    await consumeQueued(world);
    expect(await onlyDelivery()).toMatchObject({ status: "delivered", attempts: [{ number: 1 }, { number: 2 }] });
    world.queued.push(late);
    world.pass(60_000);
    await consumeQueued(world);
    expect(seen).toHaveLength(2);
  });

  it("that fails beyond the schedule is dead again, with the reason", async () => {
    status = 503;
    await arrive();
    for (let attempt = 0; attempt < 20 && (await onlyDelivery()).status === "pending"; attempt++) {
      world.pass(86_400_000);
      await consumeQueued(world);
    }
    const dead = await onlyDelivery();
    expect(dead).toMatchObject({ status: "dead", reason: "attempts_exhausted" });
    await post(`/deliveries/${dead.id}/retry`);
    await consumeQueued(world);
    const again = await onlyDelivery();
    expect(again).toMatchObject({ status: "dead", reason: "attempts_exhausted", next_attempt_at: null });
    expect(again.attempts).toHaveLength(dead.attempts.length + 1);
  });

  it("of a delivered one makes a delivery of its own that says what it repeats", async () => {
    await arrive();
    const { id } = await onlyDelivery();
    const { status: code, json } = await post(`/deliveries/${id}/retry`);
    expect(code).toBe(200);
    expect(json).toMatchObject({ replay_of: id, status: "pending", attempts: [], destination_id: FIRST });
    expect(json["id"]).not.toBe(id);
    await consumeQueued(world);
    expect(webhookIds()).toEqual([id, json["id"]]);
    expect((await api("GET", `/deliveries/${json["id"]}`)).json["status"]).toBe("delivered");
  });

  it("is refused where its destination is off or gone", async () => {
    await arrive();
    const { id } = await onlyDelivery();
    await changeDestination(FIRST, "enabled", 0);
    expect((await post(`/deliveries/${id}/retry`)).status).toBe(409);
    await tables.destinations.delete();
    expect((await post(`/deliveries/${id}/retry`)).status).toBe(409);
    expect((await post(`/deliveries/dlv_${"0".repeat(44)}/retry`)).status).toBe(404);
  });

  it("is left to maintenance if the queue does not take it", async () => {
    status = 503;
    await arrive();
    await set("dead");
    const { id } = await onlyDelivery();
    status = 200;
    await api("POST", `/deliveries/${id}/retry`, undefined, {}, { DELIVERIES: fakeQueue("throws").queue });
    await maintain(contextOf(world.context.env), "* * * * *", world.context.clock() + 120_000);
    await consumeQueued(world);
    expect(await onlyDelivery()).toMatchObject({ status: "delivered" });
  });
});

describe("a replay of an event", () => {
  it("goes to all destinations that it has deliveries for", async () => {
    const id = await arrive();
    const original = await onlyDelivery();
    const reply = await post(`/events/${id}/replay`);
    expect(reply).toMatchObject({
      status: 200,
      json: { id, deliveries: [{ replay_of: original.id, destination_id: FIRST, route_id: "rte_1" }] },
    });
    await consumeQueued(world);
    const [first, second] = await storedDeliveries();
    expect([first?.status, second?.status]).toEqual(["delivered", "delivered"]);
    expect(eventIdOf(second?.id ?? "")).toBe(id);
    expect(seen.map(({ body }) => body)).toEqual([seen[0]?.body, seen[0]?.body]);
  });

  it("goes to the destinations that are named, whether or not they were owed it", async () => {
    const id = await arrive();
    await insertDestination(SECOND);
    const reply = await post(`/events/${id}/replay`, { destination_ids: [SECOND, FIRST, SECOND] });
    expect(reply.json["deliveries"]).toMatchObject([
      { destination_id: SECOND, replay_of: id, route_id: null },
      { destination_id: FIRST, replay_of: deliveryIdOf(id, FIRST) },
    ]);
    await consumeQueued(world);
    expect(seen.map(({ url }) => url).toSorted()).toEqual([
      `https://receiver.example.com/${FIRST}`,
      `https://receiver.example.com/${FIRST}`,
      `https://receiver.example.com/${SECOND}`,
    ]);
  });

  it("that nobody was owed goes to whom routes name now", async () => {
    await tables.routes.delete();
    world = createWorld();
    contextOf(env).caches.config.forget();
    const id = await arrive();
    expect((await post(`/events/${id}/replay`)).status).toBe(409);
    await insertRoute("rte_9", [FIRST]);
    expect((await post(`/events/${id}/replay`)).json["deliveries"]).toMatchObject([
      { destination_id: FIRST, replay_of: id, route_id: "rte_9" },
    ]);
  });

  it("names the destinations that it cannot go to", async () => {
    const id = await arrive();
    await insertDestination(OFF, { enabled: false });
    const reply = await post(`/events/${id}/replay`, { destination_ids: [FIRST, "dst_unknown", OFF] });
    expect(reply.status).toBe(400);
    expect(faults(reply)).toEqual(["destination_ids[1]", "destination_ids[2]"]);
    expect(await storedDeliveries()).toHaveLength(1);
    for (const body of [{ destination_ids: [] }, { destination_ids: "all" }, { destination_ids: [4] }, { to: [] }]) {
      expect((await post(`/events/${id}/replay`, body)).status).toBe(400);
    }
  });

  it("is refused where there is nothing to tell, and 404 where there is no event", async () => {
    const ignored = eventMessage("resolve", "nothing");
    await processBatch(world.context, [ignored]);
    expect((await post(`/events/${ignored.id}/replay`)).status).toBe(409);
    expect((await post(`/events/evt_${"0".repeat(28)}/replay`)).status).toBe(404);
  });

  it("is neither given up nor taken for the original when an earlier event turns up", async () => {
    const [first, second] = [eventMessage("create", "disk"), eventMessage("create", "disk")];
    await processBatch(world.context, [second]);
    await insertDestination(SECOND);
    status = 503;
    await post(`/events/${second.id}/replay`, { destination_ids: [SECOND] });
    await insertRoute("rte_2", [SECOND], ["alert.repeated"]);
    await processBatch(world.context, [first]);
    const deliveries = (await storedDeliveries()).filter((each) => each.event_id === second.id);
    expect(deliveries).toMatchObject([
      { destination_id: FIRST, status: "delivered" },
      { destination_id: SECOND, status: "pending", replay_of: second.id },
      { destination_id: SECOND, replay_of: null, route_id: "rte_2" },
    ]);
    expect(new Set(deliveries.map((each) => each.id)).size).toBe(3);
  });

  it("is found by the list of deliveries, page by page", async () => {
    const id = await arrive();
    for (let round = 0; round < 4; round++) await post(`/events/${id}/replay`);
    const listed = (await allPages(`/deliveries?event_id=${id}`, 1)).map((row) => row["id"]);
    expect(new Set(listed)).toEqual(new Set((await storedDeliveries()).map((each) => each.id)));
    expect(listed).toHaveLength(5);
  });

  it("is refused once an event has very many deliveries", async () => {
    const id = await arrive();
    const many = JSON.stringify(Array.from({ length: 500 }, () => deliveryTo(id, FIRST)));
    await tables.events.update({}, { deliveries: many });
    expect((await post(`/events/${id}/replay`)).status).toBe(409);
    expect((await post("/replays", { filter: { status: "delivered" }, dry_run: true })).json["count"]).toBe(0);
  });
});
