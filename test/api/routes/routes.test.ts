import { asPrimary } from "../../../src/platform/shards.ts";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { contextOf } from "../../../src/context.ts";
import { readRevision } from "../../../src/storage/config/revision.ts";
import { unwrap } from "../../../src/client/index.ts";
import { client, createDestination, createIntegration, faultsOf, statusOf, unchecked } from "../../support/api.ts";

let integrationId = "";
let destinationId = "";

beforeEach(async () => {
  integrationId = (await createIntegration()).id;
  destinationId = (await createDestination()).id;
});

describe("a route", () => {
  it("is made with defaults: every integration, every type", async () => {
    const reply = await client.routes.create({ name: "a", destination_ids: [destinationId] });
    expect(statusOf(reply)).toBe(201);
    const { id, created_at: createdAt } = unwrap(reply);
    expect(id).toMatch(/^rte_[0-9a-z]{28}$/);
    expect(unwrap(reply)).toEqual({
      id,
      name: "a",
      external_id: null,
      managed_by: null,
      enabled: true,
      integration_ids: null,
      event_types: null,
      match: null,
      destination_ids: [destinationId],
      group_window_seconds: 0,
      group_by: null,
      group_attributes: null,
      created_at: createdAt,
      updated_at: createdAt,
    });
    expect(unwrap(await client.routes.get(id))).toEqual(unwrap(reply));
    expect(unwrap(await client.routes.list()).data).toEqual([unwrap(reply)]);
  });

  it("keeps the order of what it names and drops duplicates", async () => {
    const otherId = (await createDestination()).id;
    const made = unwrap(
      await client.routes.create({
        name: "a",
        integration_ids: [integrationId, integrationId],
        destination_ids: [otherId, destinationId, otherId],
        event_types: ["alert.resolved", "alert.repeated", "alert.resolved"],
        group_window_seconds: 0,
      }),
    );
    expect(made).toMatchObject({
      integration_ids: [integrationId],
      destination_ids: [otherId, destinationId],
      event_types: ["alert.resolved", "alert.repeated"],
    });
  });

  it.each([
    [{ destination_ids: [] }, "destination_ids"],
    [{ destination_ids: null }, "destination_ids"],
    [{ destination_ids: "dst_1" }, "destination_ids"],
    [{ destination_ids: ["dst_nope"] }, "destination_ids[0]"],
    [{ destination_ids: [5] }, "destination_ids[0]"],
    [{ destination_ids: ["\u0000"] }, "destination_ids[0]"],
    [{ destination_ids: ["\ud800"] }, "destination_ids[0]"],
    [{ destination_ids: Array.from({ length: 251 }, () => "dst_nope") }, "destination_ids"],
    [{ integration_ids: [] }, "integration_ids"],
    [{ integration_ids: ["int_nope"] }, "integration_ids[0]"],
    [{ integration_ids: {} }, "integration_ids"],
    [{ event_types: [] }, "event_types"],
    [{ event_types: ["alert.nope"] }, "event_types[0]"],
    [{ event_types: ["test", null] }, "event_types[1]"],
    [{ match: "data.alert.urgency" }, "match"],
    [{ match: [] }, "match"],
    [{ match: { "data.alert.urgency": { $where: "1" } } }, "match.data.alert.urgency.$where"],
    [{ match: { "data.alert.urgency": { $regex: "(" } } }, "match.data.alert.urgency.$regex"],
    [{ match: { $or: [{ type: "a" }, { "data.x": { $in: "a" } }] } }, "match.$or[1].data.x.$in"],
    [{ match: { $or: [] } }, "match.$or"],
    [{ match: { "data..x": 1 } }, "match.data..x"],
    [{ match: { type: "x".repeat(20_000) } }, "match"],
    [{ match: { "alert.urgency": "critical" } }, "match.alert.urgency"],
    [{ match: { $or: [{ type: "a" }, { $and: [{ severity: "high" }] }] } }, "match.$or[1].$and[0].severity"],
    [{ group_window_seconds: -1 }, "group_window_seconds"],
    [{ group_window_seconds: 1.5 }, "group_window_seconds"],
    [{ group_window_seconds: 86_401 }, "group_window_seconds"],
    [{ group_window_seconds: "60" }, "group_window_seconds"],
    [{ group_window_seconds: null }, "group_window_seconds"],
    [{ group_by: "{{ a" }, "group_by"],
    [{ group_by: "{% include 'a' %}" }, "group_by"],
    [{ group_by: " " }, "group_by"],
    [{ group_by: "\u0000" }, "group_by"],
    [{ group_by: "x".repeat(10_001) }, "group_by"],
    [{ group_by: 5 }, "group_by"],
    [{ group_attributes: ["a..b"] }, "group_attributes[0]"],
    [{ group_attributes: ["a", ""] }, "group_attributes[1]"],
    [{ group_attributes: ["x".repeat(201)] }, "group_attributes[0]"],
    [{ group_attributes: Array.from({ length: 51 }, (_, index) => `a${index}`) }, "group_attributes"],
    [{ group_attributes: "a" }, "group_attributes"],
    [{ enabled: 1 }, "enabled"],
    [{ id: "rte_1" }, "id"],
    [{ nope: 1 }, "nope"],
  ])("is refused with %j, on POST and on PATCH", async (more, path) => {
    const route = { name: "a", destination_ids: [destinationId] };
    const { id } = unwrap(await client.routes.create(route));
    for (const reply of [
      await client.routes.create(unchecked({ ...route, ...more })),
      await client.routes.update(id, unchecked(more)),
    ]) {
      expect(statusOf(reply)).toBe(400);
      expect(new Set(faultsOf(reply))).toEqual(new Set([path]));
    }
  });

  it("keeps a filter and how it groups as they were given, and drops them again", async () => {
    const fields = {
      match: { $or: [{ "data.alert.urgency": { $in: ["high", "critical"] } }, { "data.event.payload.Env": "prod" }] },
      group_window_seconds: 86_400,
      group_by: "{{ data.alert.key }} {{ host | upcase }}",
      group_attributes: ["host", "labels.region"],
    };
    const made = unwrap(await client.routes.create({ name: "a", destination_ids: [destinationId], ...fields }));
    expect(made).toMatchObject(fields);
    expect(unwrap(await client.routes.get(made.id))).toEqual(made);
    const none = { match: null, group_window_seconds: 0, group_by: null, group_attributes: null };
    expect(unwrap(await client.routes.update(made.id, none))).toMatchObject(none);
  });

  it("may say how it would group without a window, and match everything", async () => {
    const fields = { match: {}, group_by: "{{ host }}", group_attributes: [] };
    expect(
      unwrap(await client.routes.create({ name: "a", destination_ids: [destinationId], ...fields })),
    ).toMatchObject(fields);
  });

  it("is refused with each id that nothing has, at its own place", async () => {
    const body = {
      name: "a",
      destination_ids: [destinationId, "dst_x", destinationId, "dst_y"],
      integration_ids: ["int_x"],
    };
    const reply = await client.routes.create(body);
    expect(faultsOf(reply)).toEqual(["integration_ids[0]", "destination_ids[1]", "destination_ids[3]"]);
  });

  it("does not take the id of an integration for a destination's", async () => {
    expect(faultsOf(await client.routes.create({ name: "a", destination_ids: [integrationId] }))).toEqual([
      "destination_ids[0]",
    ]);
  });
});

describe("a route of system events", () => {
  const event_types = ["destination.failing", "delivery.dead"] as const;

  it("takes those of the whole gateway, so that it names no integration", async () => {
    const body = { name: "a", destination_ids: [destinationId], event_types: [...event_types] };
    const limited = await client.routes.create({ ...body, integration_ids: [integrationId] });
    expect(statusOf(limited)).toBe(400);
    expect(faultsOf(limited)).toEqual(["integration_ids"]);
    const { id } = unwrap(await client.routes.create(body));
    expect(faultsOf(await client.routes.update(id, { integration_ids: [integrationId] }))).toEqual(["integration_ids"]);
    expect(unwrap(await client.routes.get(id)).integration_ids).toBe(null);
  });

  it("is refused as well if a change leaves no other type", async () => {
    const body = { name: "a", destination_ids: [destinationId], integration_ids: [integrationId] };
    const { id } = unwrap(await client.routes.create({ ...body, event_types: ["alert.created", "delivery.dead"] }));
    expect(faultsOf(await client.routes.update(id, { event_types: [...event_types] }))).toEqual(["integration_ids"]);
    expect(statusOf(await client.routes.update(id, { event_types: [...event_types], integration_ids: null }))).toBe(
      200,
    );
  });
});

describe("a change of a route", () => {
  it("touches only the named fields", async () => {
    const made = unwrap(
      await client.routes.create({
        name: "a",
        integration_ids: [integrationId],
        event_types: ["alert.created"],
        destination_ids: [destinationId],
      }),
    );
    const renamed = await client.routes.update(made.id, { name: "b" });
    expect(unwrap(renamed)).toEqual({ ...made, name: "b", updated_at: unwrap(renamed).updated_at });
    const widened = await client.routes.update(made.id, { integration_ids: null, event_types: null });
    expect(unwrap(widened)).toMatchObject({ name: "b", integration_ids: null, event_types: null });
    expect(unwrap(await client.routes.get(made.id))).toEqual(unwrap(widened));
  });

  it("may be renamed after its last destination was deleted", async () => {
    const { id } = unwrap(await client.routes.create({ name: "a", destination_ids: [destinationId] }));
    await client.destinations.delete(destinationId, { force: true });
    const reply = await client.routes.update(id, { name: "b" });
    expect(statusOf(reply)).toBe(200);
    expect(unwrap(reply).destination_ids).toEqual([]);
  });

  it("is in force in this isolate when it is answered, and raises the revision", async () => {
    const { config } = contextOf(env).caches;
    const start = await readRevision(asPrimary(env.DB));
    expect((await config.load()).routes).toEqual([]);
    const { id } = unwrap(await client.routes.create({ name: "a", destination_ids: [destinationId] }));
    expect((await config.load()).routes).toHaveLength(1);
    await client.routes.update(id, { enabled: false });
    expect((await config.load()).routes[0]?.enabled).toBe(false);
    expect(statusOf(await client.routes.delete(id))).toBe(204);
    expect((await config.load()).routes).toEqual([]);
    expect(await readRevision(asPrimary(env.DB))).toBe(start + 3);
    expect(statusOf(await client.routes.delete(id))).toBe(404);
  });
});

it("the list of routes has no gap and no repeat", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) {
    ids.push(unwrap(await client.routes.create({ name: "a", destination_ids: [destinationId] })).id);
  }
  for (const limit of [1, 3, 7, 8]) {
    expect((await Array.fromAsync(client.routes.all({ limit }))).map((row) => row.id)).toEqual(ids.toReversed());
  }
});
