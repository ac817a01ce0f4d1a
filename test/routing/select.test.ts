import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GATEWAY_EVENT_TYPES, MESSAGE_TYPES, type MessageType, TYPES_BY_NAME_ONLY } from "../../src/model/event.ts";
import type { Route } from "../../src/model/route.ts";
import { type Candidate, type Recipient, readingOf, selectRoutes } from "../../src/routing/select.ts";
import { routeWith } from "../support/configuration.ts";
import { eventMessage } from "../support/world.ts";

const CREATED = { integration_id: "int_1", type: "alert.created" } as const;
const { id, received_at, content } = eventMessage("create", "disk");

function selectDestinations(
  routes: readonly Route[],
  event: Pick<Candidate, "integration_id" | "type">,
): readonly Recipient[] {
  return selectRoutes(routes, readingOf({ id, received_at, content, alert: null, ...event })).recipients;
}

/** The event of a group is not routed: it goes to the destinations of the group's route. */
const ROUTED = MESSAGE_TYPES.filter((type) => type !== "event.group");

function destinationsOf(
  routes: readonly Route[],
  event: { readonly integration_id: string; readonly type: MessageType } = CREATED,
): string[] {
  return selectDestinations(routes, event).map((owed) => owed.destination_id);
}

describe("a route", () => {
  it.each([
    ["all integrations where it names none", null, ["dst_1"]],
    ["no integration where its list is empty", [], []],
    ["an integration that it names", ["int_0", "int_1"], ["dst_1"]],
    ["no integration that it does not name", ["int_2"], []],
    ["no integration whose id only begins the same", ["int_"], []],
  ])("takes events of %s", (_, integration_ids, expected) => {
    expect(destinationsOf([routeWith({ integration_ids, destination_ids: ["dst_1"] })])).toEqual(expected);
  });

  it.each(ROUTED)("without a list of types takes %s unless that type must be named", (type) => {
    const route = routeWith({ destination_ids: ["dst_1"] });
    const expected = TYPES_BY_NAME_ONLY.includes(type) ? [] : ["dst_1"];
    expect(destinationsOf([route], { integration_id: "int_1", type })).toEqual(expected);
  });

  it.each(ROUTED)("takes %s if it names that type, and nothing else then", (type) => {
    const route = routeWith({ event_types: [type], destination_ids: ["dst_1"] });
    const taken = MESSAGE_TYPES.filter(
      (each) => destinationsOf([route], { integration_id: "int_1", type: each }).length > 0,
    );
    expect(taken).toEqual([type]);
  });

  it("takes no group's event, whatever it names", () => {
    for (const event_types of [null, ["event.group" as const]]) {
      const routes = [routeWith({ event_types, destination_ids: ["dst_1"] })];
      expect(destinationsOf(routes, { integration_id: "int_1", type: "event.group" })).toEqual([]);
    }
  });

  it("takes nothing if its list of types is empty or it is disabled", () => {
    expect(destinationsOf([routeWith({ event_types: [], destination_ids: ["dst_1"] })])).toEqual([]);
    expect(destinationsOf([routeWith({ enabled: false, destination_ids: ["dst_1"] })])).toEqual([]);
  });
});

it("repeats, disabled destinations and tests are the types that must be named", () => {
  expect(TYPES_BY_NAME_ONLY).toEqual(["alert.repeated", ...GATEWAY_EVENT_TYPES, "test"]);
});

it("a destination that several routes name receives an event once, by the first of them", () => {
  const routes = [
    routeWith({ id: "rte_off", enabled: false, destination_ids: ["dst_1"] }),
    routeWith({ id: "rte_1", destination_ids: ["dst_1", "dst_2", "dst_1"] }),
    routeWith({ id: "rte_2", destination_ids: ["dst_2", "dst_3"] }),
  ];
  expect(selectDestinations(routes, CREATED)).toEqual([
    { destination_id: "dst_1", route_id: "rte_1" },
    { destination_id: "dst_2", route_id: "rte_1" },
    { destination_id: "dst_3", route_id: "rte_2" },
  ]);
});

it("an event goes to exactly the destinations of the routes that take it, each once", () => {
  const integrations = fc.constantFrom("int_1", "int_2", "int_3");
  const types = fc.constantFrom(...ROUTED);
  const routes = fc.array(
    fc.record({
      enabled: fc.boolean(),
      integration_ids: fc.option(fc.array(integrations, { maxLength: 2 })),
      event_types: fc.option(fc.array(types, { maxLength: 4 })),
      destination_ids: fc.array(fc.constantFrom("dst_1", "dst_2", "dst_3"), { maxLength: 3 }),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(routes, integrations, types, (list, integration_id, type) => {
      const made = list.map((changes, index) => routeWith({ id: `rte_${index}`, ...changes }));
      const owed = selectDestinations(made, { integration_id, type });
      const expected = new Set(
        list.flatMap((route) => {
          const named =
            route.event_types === null ? !TYPES_BY_NAME_ONLY.includes(type) : route.event_types.includes(type);
          const from = route.integration_ids === null || route.integration_ids.includes(integration_id);
          return route.enabled && named && from ? route.destination_ids : [];
        }),
      );
      expect(owed.map((each) => each.destination_id).toSorted()).toEqual([...expected].toSorted());
    }),
  );
});
