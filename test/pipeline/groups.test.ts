import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { EventMessage } from "../../src/model/event.ts";
import {
  FIRST,
  ROUTE,
  SECOND,
  WINDOW,
  caughtAt,
  closeAll,
  closesIn,
  dataIn,
  eventAt,
  groupEvents,
  insertGroupingRoute,
  stageGroups,
  storedGroups,
} from "../support/groups.ts";
import { type Seen, type World, createWorld, insertRoute, processBatch } from "../support/world.ts";
import { tables } from "../support/tables.ts";

let seen: Seen[] = [];
let world: World;
let start = 0;

async function groupedOf(id: string): Promise<unknown> {
  return await tables.events.value("grouped", { id });
}

beforeEach(async () => {
  ({ seen, world, start } = await stageGroups());
});

describe("a route with a grouping window", () => {
  it("makes one delivery of an alert's events, repeats among them, when the window is over", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    const events = [
      eventAt(start, "create", "disk"),
      eventAt(start + 1_500, "create", "disk"),
      eventAt(start + 3_000, "acknowledge", "disk"),
    ];
    for (const event of events) await processBatch(world.context, [event]);
    expect(seen).toEqual([]);
    const [group, ...others] = await storedGroups();
    expect(others).toEqual([]);
    expect(closesIn(world.queued)).toEqual([group?.id]);
    await closeAll(world);

    expect(seen).toHaveLength(1);
    const closesAt = new Date(start + WINDOW).toISOString();
    const alert: unknown = JSON.parse(String(await tables.events.value("alert", { id: events[2]?.id ?? "" })));
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      type: "event.group",
      timestamp: closesAt,
      data: {
        integration_id: "int_test",
        group: "disk",
        alert,
        occurrences: 3,
        timestamp: [events[0]?.received_at, events[2]?.received_at],
        event_ids: events.map(({ id }) => id),
        attributes: {},
      },
    });
    expect(alert).toMatchObject({ key: "disk", status: "acknowledged", dedup_count: 1 });
    const [event] = await groupEvents();
    expect(event).toMatchObject({ outcome: "received", alert_id: null, weight: 3, grouped: 0 });
    expect(event?.deliveries).toMatchObject([{ destination_id: FIRST, route_id: ROUTE, status: "delivered" }]);
    expect(seen[0]?.headers.get("webhook-id")).toBe(event?.deliveries[0]?.id);
    expect((await storedGroups())[0]).toMatchObject({ closed: 1, event_id: event?.id });
    expect(await groupedOf(events[0]?.id ?? "")).toBe(1);
  });

  it("keeps alerts apart, and counts the destinations of each event", async () => {
    await insertGroupingRoute(ROUTE, [FIRST, SECOND]);
    const events = ["disk", "cpu", "disk"].map((key, index) => eventAt(start + index, "create", key));
    await processBatch(world.context, events);
    expect((await storedGroups()).map(({ group_key, members }) => [group_key, members.length])).toEqual([
      ["disk", 2],
      ["cpu", 1],
    ]);
    expect(await groupedOf(events[0]?.id ?? "")).toBe(2);
    await closeAll(world);
    const told = seen.map((each) => dataIn(each.body)["group"]);
    expect(told.filter((group) => group === "cpu")).toHaveLength(2);
    expect(told.filter((group) => group === "disk")).toHaveLength(2);
    expect(new Set(seen.map((each) => each.headers.get("webhook-id"))).size).toBe(4);
  });

  it("opens a group for each window that a batch spans, with its first event", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    const at = [0, 4_000, 9_999, 10_000, 19_999, 20_500, 90_000];
    const events = at.map((ms) => eventAt(start + ms, "create", "disk"));
    await processBatch(world.context, events.toReversed());
    const groups = await storedGroups();
    expect(groups.map(({ opened_at }) => opened_at - start)).toEqual([0, 10_000, 20_500, 90_000]);
    expect(groups.map(({ members }) => members)).toEqual([
      events.slice(0, 3).map(({ id }) => id),
      events.slice(3, 5).map(({ id }) => id),
      events.slice(5, 6).map(({ id }) => id),
      events.slice(6).map(({ id }) => id),
    ]);
    expect(new Set(closesIn(world.queued))).toEqual(new Set(groups.map(({ id }) => id)));
  });

  it("fills an open group before it opens another", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    await processBatch(world.context, [eventAt(start, "create", "disk")]);
    const events = [5_000, 12_000, 30_000].map((ms) => eventAt(start + ms, "create", "disk"));
    await processBatch(world.context, events);
    expect((await storedGroups()).map(({ opened_at, members }) => [opened_at - start, members.length])).toEqual([
      [0, 2],
      [12_000, 1],
      [30_000, 1],
    ]);
  });

  it("opens another group for an event that arrives after the group was closed, however late", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    await processBatch(world.context, [eventAt(start, "create", "disk")]);
    const late = eventAt(start + 500, "create", "disk");
    await closeAll(world);
    await processBatch(world.context, [late]);
    expect((await storedGroups()).map(({ members }) => members.length)).toEqual([1, 1]);
    await closeAll(world);
    expect(seen.map((each) => dataIn(each.body)["occurrences"])).toEqual([1, 1]);
    expect(new Set(seen.map((each) => each.headers.get("webhook-id"))).size).toBe(2);
  });

  it("groups the events of catch hooks by integration, or by group_by", async () => {
    await insertGroupingRoute("rte_0000000000000000000000000001", [FIRST]);
    await insertGroupingRoute("rte_0000000000000000000000000002", [SECOND], {
      group_by: "{{ data.event.kind }}/{{ host }}",
      group_attributes: ["host", "data.event.kind", "none"],
    });
    const payloads = [{ host: "a" }, { host: "b" }, { host: "a" }, [1]];
    await processBatch(
      world.context,
      payloads.map((payload, index) => caughtAt(start + index, payload)),
    );
    await closeAll(world);
    const said = new Map(seen.map((each) => dataIn(each.body)).map((data) => [data["group"], data]));
    expect([...said].map(([group, { occurrences, alert }]) => [group, occurrences, alert])).toEqual(
      expect.arrayContaining([
        ["catch/", 1, null],
        ["catch/a", 2, null],
        ["catch/b", 1, null],
        ["int_test", 4, null],
      ]),
    );
    expect(seen).toHaveLength(4);
    const counted = said.get("catch/a");
    expect(counted?.["attributes"]).toEqual({ host: [["a", 2]], "data.event.kind": [["catch", 2]], none: [] });
  });

  it("delivers both to a destination that another route names for each event", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    await insertRoute("rte_00000000000000000000000000bb", [FIRST]);
    const event = eventAt(start, "create", "disk");
    await processBatch(world.context, [event]);
    expect(seen).toHaveLength(1);
    await closeAll(world);
    expect(seen.map((each) => JSON.parse(each.body).type)).toEqual(["alert.created", "event.group"]);
    expect(new Set(seen.map((each) => each.headers.get("webhook-id"))).size).toBe(2);
  });

  it("costs one row more for each event, and two for a group", async () => {
    let written = 0;
    const counting = new Proxy(env.DB, {
      get(target, name) {
        if (name !== "batch") {
          const member: unknown = Reflect.get(target, name);
          return typeof member === "function" ? member.bind(target) : member;
        }
        return async (statements: D1PreparedStatement[]) => {
          const results = await target.batch(statements);
          for (const { meta } of results) written += meta.rows_written;
          return results;
        };
      },
    });
    const { context } = createWorld({ DB: counting });
    const costOf = async (event: EventMessage): Promise<number> => {
      written = 0;
      await processBatch(context, [event]);
      return written;
    };
    await insertRoute(ROUTE, [FIRST], ["alert.acknowledged"]);
    await costOf(eventAt(start, "create", "first"));
    const plain = await costOf(eventAt(start + 1, "create", "other"));
    await insertGroupingRoute("rte_00000000000000000000000000bb", [FIRST]);
    const first = eventAt(start + 2, "create", "disk");
    expect(await costOf(first)).toBe(plain + 3);
    // Its alert is not lone any more.
    expect(await costOf(eventAt(start + 3, "create", "disk"))).toBe(plain + 2);
    expect(await costOf(first)).toBe(0);
  });
});

describe("an event whose outcome is changed by an earlier one", () => {
  it("joins a group when it becomes deliverable, and stays in a group that it has joined", async () => {
    await insertGroupingRoute(ROUTE, [FIRST]);
    const create = eventAt(start, "create", "disk");
    const acknowledge = eventAt(start + 10, "acknowledge", "disk");
    const resolve = eventAt(start + 20, "resolve", "disk");
    await processBatch(world.context, [acknowledge]);
    expect(await storedGroups()).toEqual([]);
    await processBatch(world.context, [create]);
    await processBatch(world.context, [resolve]);
    await processBatch(world.context, [create, acknowledge, resolve]);
    const groups = await storedGroups();
    expect(groups.flatMap(({ members }) => members)).toEqual([create.id, acknowledge.id, resolve.id]);
    expect(groups).toHaveLength(1);
    await closeAll(world);
    expect(dataIn(seen[0]?.body ?? "")).toMatchObject({ occurrences: 3, alert: { status: "resolved" } });
  });
});
