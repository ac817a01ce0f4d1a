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
import { unwrap } from "../../../src/client/index.ts";
import { client, clientOf, faultsOf, statusOf, unchecked } from "../../support/api.ts";
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

/** The administrator's client, of a gateway that sends its deliveries to the world's queue. */
function queued() {
  return clientOf({ bindings: { DELIVERIES: world.context.env.DELIVERIES } });
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
    const reply = await queued().deliveries.retry(id);
    expect(reply).toMatchObject({ status: 200, data: { id, status: "pending", next_attempt_at: expect.any(String) } });
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
    await queued().deliveries.retry(id);
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
    await queued().deliveries.retry(dead.id);
    await consumeQueued(world);
    const again = await onlyDelivery();
    expect(again).toMatchObject({ status: "dead", reason: "attempts_exhausted", next_attempt_at: null });
    expect(again.attempts).toHaveLength(dead.attempts.length + 1);
  });

  it("of a delivered one makes a delivery of its own that says what it repeats", async () => {
    await arrive();
    const { id } = await onlyDelivery();
    const reply = await queued().deliveries.retry(id);
    const code = statusOf(reply);
    const json = unwrap(reply);
    expect(code).toBe(200);
    expect(json).toMatchObject({ replay_of: id, status: "pending", attempts: [], destination_id: FIRST });
    expect(json.id).not.toBe(id);
    await consumeQueued(world);
    expect(webhookIds()).toEqual([id, json.id]);
    expect(unwrap(await client.deliveries.get(json.id)).status).toBe("delivered");
  });

  it("is refused where its destination is off or gone", async () => {
    await arrive();
    const { id } = await onlyDelivery();
    await changeDestination(FIRST, "enabled", 0);
    expect(statusOf(await queued().deliveries.retry(id))).toBe(409);
    await tables.destinations.delete();
    expect(statusOf(await queued().deliveries.retry(id))).toBe(409);
    expect(statusOf(await queued().deliveries.retry(`dlv_${"0".repeat(44)}`))).toBe(404);
  });

  it("is left to maintenance if the queue does not take it", async () => {
    status = 503;
    await arrive();
    await set("dead");
    const { id } = await onlyDelivery();
    status = 200;
    await clientOf({ bindings: { DELIVERIES: fakeQueue("throws").queue } }).deliveries.retry(id);
    await maintain(contextOf(world.context.env), "* * * * *", world.context.clock() + 120_000);
    await consumeQueued(world);
    expect(await onlyDelivery()).toMatchObject({ status: "delivered" });
  });
});

describe("a replay of an event", () => {
  it("goes to all destinations that it has deliveries for", async () => {
    const id = await arrive();
    const original = await onlyDelivery();
    const reply = await queued().events.replay(id);
    expect(reply).toMatchObject({
      status: 200,
      data: { id, deliveries: [{ replay_of: original.id, destination_id: FIRST, route_id: "rte_1" }] },
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
    const reply = await queued().events.replay(id, { destination_ids: [SECOND, FIRST, SECOND] });
    expect(unwrap(reply).deliveries).toMatchObject([
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
    expect(statusOf(await queued().events.replay(id))).toBe(409);
    await insertRoute("rte_9", [FIRST]);
    expect(unwrap(await queued().events.replay(id)).deliveries).toMatchObject([
      { destination_id: FIRST, replay_of: id, route_id: "rte_9" },
    ]);
  });

  it("names the destinations that it cannot go to", async () => {
    const id = await arrive();
    await insertDestination(OFF, { enabled: false });
    const reply = await queued().events.replay(id, { destination_ids: [FIRST, "dst_unknown", OFF] });
    expect(statusOf(reply)).toBe(400);
    expect(faultsOf(reply)).toEqual(["destination_ids[1]", "destination_ids[2]"]);
    expect(await storedDeliveries()).toHaveLength(1);
    for (const body of [{ destination_ids: [] }, { destination_ids: "all" }, { destination_ids: [4] }, { to: [] }]) {
      expect(statusOf(await queued().events.replay(id, unchecked(body)))).toBe(400);
    }
  });

  it("is refused where there is nothing to tell, and 404 where there is no event", async () => {
    const ignored = eventMessage("resolve", "nothing");
    await processBatch(world.context, [ignored]);
    expect(statusOf(await queued().events.replay(ignored.id))).toBe(409);
    expect(statusOf(await queued().events.replay(`evt_${"0".repeat(28)}`))).toBe(404);
  });

  it("is neither given up nor taken for the original when an earlier event turns up", async () => {
    const [first, second] = [eventMessage("create", "disk"), eventMessage("create", "disk")];
    await processBatch(world.context, [second]);
    await insertDestination(SECOND);
    status = 503;
    await queued().events.replay(second.id, { destination_ids: [SECOND] });
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
    for (let round = 0; round < 4; round++) await queued().events.replay(id);
    const listed = (await Array.fromAsync(client.deliveries.all({ event_id: id, limit: 1 }))).map((row) => row.id);
    expect(new Set(listed)).toEqual(new Set((await storedDeliveries()).map((each) => each.id)));
    expect(listed).toHaveLength(5);
  });

  it("is refused once an event has very many deliveries", async () => {
    const id = await arrive();
    const many = JSON.stringify(Array.from({ length: 500 }, () => deliveryTo(id, FIRST)));
    await tables.events.update({}, { deliveries: many });
    expect(statusOf(await queued().events.replay(id))).toBe(409);
    expect(unwrap(await queued().replays.create({ filter: { status: "delivered" }, dry_run: true })).count).toBe(0);
  });
});
