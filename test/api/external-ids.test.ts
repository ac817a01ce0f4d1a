import { beforeEach, describe, expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import {
  client,
  createDestination,
  createIntegration,
  faultsOf,
  headersOf,
  request,
  statusOf,
  textOf,
  unchecked,
} from "../support/api.ts";
import { deliveryTo, storeEvent } from "./records.ts";

let integration: string;
let destination: string;
let route: string;

beforeEach(async () => {
  integration = (await createIntegration({ external_id: "night-watch" })).id;
  destination = (await createDestination({ external_id: "team.chat_1" })).id;
  const created = await client.routes.create({ name: "all", external_id: "all", destination_ids: [destination] });
  route = unwrap(created).id;
});

describe("an external_id", () => {
  it("is shown, and null by default", async () => {
    expect(unwrap(await client.integrations.get(integration))).toMatchObject({
      external_id: "night-watch",
      managed_by: null,
    });
    expect(await createDestination()).toMatchObject({ external_id: null, managed_by: null });
  });

  it("addresses its thing in every path of the resource", async () => {
    expect(unwrap(await client.integrations.get("night-watch")).id).toBe(integration);
    expect(unwrap(await client.destinations.get("team.chat_1")).id).toBe(destination);
    expect(unwrap(await client.routes.get("all")).id).toBe(route);
    expect(unwrap(await client.routes.update("all", { enabled: false }))).toMatchObject({ id: route, enabled: false });
    const rotated = unwrap(await client.destinations.rotateSecret("team.chat_1", { overlap_seconds: 0 }));
    expect(rotated).toMatchObject({ id: destination, signing_secret: expect.any(String) });
    const moved = unwrap(await client.integrations.rotateUrl("night-watch", { overlap_seconds: 0 }));
    expect(moved.url).toBe(unwrap(await client.integrations.get(integration)).url);
    expect(unwrap(await client.integrations.samples.list("night-watch")).data).toEqual([]);
    expect(statusOf(await client.routes.delete("all"))).toBe(204);
    expect(statusOf(await client.routes.get(route))).toBe(404);
    expect(statusOf(await client.destinations.get("another"))).toBe(404);
  });

  it("names integrations and destinations in a route, which shows their ids", async () => {
    const named = { integration_ids: ["night-watch", integration], destination_ids: [destination, "team.chat_1"] };
    const created = unwrap(await client.routes.create({ name: "named", ...named }));
    expect(created).toMatchObject({ integration_ids: [integration], destination_ids: [destination] });
    const changed = await client.routes.update("all", { destination_ids: ["team.chat_1"] });
    expect(unwrap(changed).destination_ids).toEqual([destination]);
    expect(unwrap(await client.routes.preview(created.id, { integration_ids: ["night-watch"] })).data).toEqual([]);
    expect(faultsOf(await client.routes.update("all", { destination_ids: [destination, "nobody"] }))).toEqual([
      "destination_ids[1]",
    ]);
  });

  it("names its thing in the filters of lists and replays, and where an event is replayed to", async () => {
    const id = "evt_1m8hqxb86000ds33rtamzg68q6j1";
    const sent = deliveryTo(id, destination, { status: "dead", route_id: route });
    await storeEvent({ id, integration_id: integration, deliveries: [sent] });
    const events = unwrap(await client.events.list({ integration_id: "night-watch" }));
    expect(events.data.map((event) => event.id)).toEqual([id]);
    for (const filter of [{ destination_id: "team.chat_1" }, { integration_id: "night-watch" }]) {
      expect(unwrap(await client.deliveries.list(filter)).data.map((row) => row.event_id)).toEqual([id]);
    }
    for (const filter of [{ destination_id: "team.chat_1" }, { integration_id: "night-watch" }, { route_id: "all" }]) {
      expect(unwrap(await client.replays.create({ filter }))).toMatchObject({ count: 1 });
    }
    expect(unwrap(await client.deliveries.list({ destination_id: "nobody" })).data).toEqual([]);
    const replayed = unwrap(await client.events.replay(id, { destination_ids: ["team.chat_1"] }));
    expect(replayed.deliveries).toMatchObject([{ destination_id: destination }]);
  });

  it.each([
    ["like an id", "int_1m8hqxb86000ds33rtamzg68q6j1"],
    ["like the start of an id", "dst_main"],
    ["a path", "a/b"],
    ["a dot", "."],
    ["two dots", ".."],
    ["empty", ""],
    ["with a space", "a b"],
    ["with an escape", "a%2fb"],
    ["too long", "x".repeat(101)],
    ["not ASCII", "größe"],
    ["a number", 5],
  ])("is refused if it is %s", async (_case, external_id) => {
    const body = unchecked({ external_id });
    expect(faultsOf(await client.integrations.update(integration, body))).toEqual(["external_id"]);
    expect(faultsOf(await client.destinations.update(destination, body))).toEqual(["external_id"]);
    expect(faultsOf(await client.routes.update(route, body))).toEqual(["external_id"]);
  });

  it("is unique among things of a kind, and free again after a deletion", async () => {
    for (const taken of [
      await client.integrations.create({ name: "b", type: "catch", external_id: "night-watch" }),
      await client.destinations.update((await createDestination()).id, { external_id: "team.chat_1" }),
      await client.routes.create({ name: "b", external_id: "all", destination_ids: [destination] }),
    ]) {
      expect(statusOf(taken)).toBe(409);
      expect(JSON.parse(textOf(taken))).toMatchObject({ code: "external_id_taken" });
      expect(faultsOf(taken)).toEqual(["external_id"]);
    }
    await client.integrations.delete("night-watch");
    expect(await createIntegration({ external_id: "night-watch" })).toMatchObject({ external_id: "night-watch" });
    expect(await createDestination({ external_id: "all" })).toMatchObject({ external_id: "all" });
  });

  it("of two creations at once is one's, and the other is refused and may be sent again under its key", async () => {
    const create = (key: string) =>
      client.integrations.create({ name: "twin", type: "catch", external_id: "twin" }, { idempotency_key: key });
    const results = await Promise.all([create("one"), create("two")]);
    expect(new Set(results.map(statusOf))).toEqual(new Set([201, 409]));
    await client.integrations.delete("twin");
    const refused = results.findIndex((result) => statusOf(result) === 409) === 0 ? "one" : "two";
    const again = await create(refused);
    expect(statusOf(again)).toBe(201);
    expect(headersOf(again).get("idempotency-replayed")).toBeNull();
  });

  it("can be changed and removed", async () => {
    expect(unwrap(await client.integrations.update("night-watch", { external_id: "day-watch" })).id).toBe(integration);
    expect(statusOf(await client.integrations.get("night-watch"))).toBe(404);
    expect(unwrap(await client.integrations.update("day-watch", { external_id: null })).external_id).toBeNull();
    expect(statusOf(await client.integrations.get("day-watch"))).toBe(404);
  });

  it("cannot be reached by a path that is written in another way", async () => {
    for (const path of ["/routes/%2e%2e", "/routes/..%2froutes", "/routes/all%00", "/routes/-all", "/routes/_all"]) {
      expect((await request(path)).status).toBe(404);
    }
  });
});

it("managed_by is read-only", async () => {
  const refused = await client.routes.update(route, unchecked({ managed_by: "config" }));
  expect(textOf(refused)).toContain("is read-only");
});
