import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import type { RouteCreation } from "../../../src/client/index.ts";
import { client, createDestination, createIntegration, faultsOf, statusOf } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";
import { contentOf, deliveryTo, mint, storeEvent } from "../records.ts";

async function createRoute(destinationId: string, more: Partial<RouteCreation> = {}): Promise<string> {
  return unwrap(await client.routes.create({ name: "route", destination_ids: [destinationId], ...more })).id;
}

async function explain(id: string) {
  return unwrap(await client.events.explain(id));
}

describe("the explanation of an event", () => {
  it("says for each route whether it would take the event, and why not", async () => {
    const { id: to } = await createDestination({ name: "pager" });
    const { id: off } = await createDestination({ name: "off", enabled: false });
    const mine = (await createIntegration()).id;
    const other = (await createIntegration()).id;
    const routes = {
      takes: await createRoute(to, { match: { "data.event.payload.size": { $gt: 1 } } }),
      disabled: await createRoute(to, { enabled: false }),
      integration: await createRoute(to, { integration_ids: [other] }),
      event_type: await createRoute(off, { event_types: ["alert.resolved"] }),
      match: await createRoute(to, { match: { "data.event.payload.size": { $gt: 9 } }, group_window_seconds: 60 }),
    };
    const { id } = mint("evt");
    const delivered = [deliveryTo(id, to, { status: "dead", reason: "attempts_exhausted" })];
    await storeEvent({ id, integration_id: mine, deliveries: delivered }, contentOf({ size: 5 }));
    const explanation = await explain(id);
    expect(explanation).toMatchObject({
      event_id: id,
      type: "alert.created",
      note: "Nothing was delivered: 1 dead (attempts_exhausted).",
      decided_by: "routes",
      next_cursor: null,
    });
    const destinations = [{ id: to, name: "pager", enabled: true, paused: false, delivery: "dead" }];
    expect(explanation.routes).toEqual([
      {
        id: routes.takes,
        name: "route",
        enabled: true,
        takes: true,
        reason: null,
        failed: [],
        groups: false,
        destinations,
      },
      expect.objectContaining({ id: routes.disabled, enabled: false, takes: false, reason: "disabled", failed: [] }),
      expect.objectContaining({
        id: routes.integration,
        takes: false,
        reason: "integration",
        failed: [
          expect.objectContaining({ path: "integration_ids", operator: "$in", expected: [other], actual: mine }),
        ],
      }),
      expect.objectContaining({
        id: routes.event_type,
        takes: false,
        reason: "event_type",
        failed: [expect.objectContaining({ expected: ["alert.resolved"], actual: "alert.created" })],
        destinations: [{ id: off, name: "off", enabled: false, paused: false, delivery: null }],
      }),
      {
        id: routes.match,
        name: "route",
        enabled: true,
        takes: false,
        reason: "match",
        failed: [
          {
            at: "data.event.payload.size.$gt",
            path: "data.event.payload.size",
            operator: "$gt",
            expected: 9,
            actual: 5,
            found: true,
          },
        ],
        groups: true,
        destinations,
      },
    ]);
  });

  it("says that the deliveries wait for a paused destination", async () => {
    const { id: to } = await createDestination();
    await createRoute(to);
    unwrap(await client.destinations.pause(to));
    const { id } = mint("evt");
    const waiting = deliveryTo(id, to, { status: "pending", attempts: [], reason: "paused" });
    await storeEvent({ id, deliveries: [waiting] });
    const note = "1 delivery waits until its destination is resumed.";
    expect(await explain(id)).toMatchObject({ note, routes: [{ takes: true, destinations: [{ paused: true }] }] });
    expect(unwrap(await client.events.get(id)).note).toBe(note);
    const due = deliveryTo(id, "dst_2", { status: "pending", attempts: [] });
    const { id: other } = mint("evt");
    await storeEvent({ id: other, deliveries: [waiting, due] });
    expect((await explain(other)).note).toBe(null);
  });

  it("tells events that no route can take: without an outcome, erased, or of a group", async () => {
    const { id: to } = await createDestination();
    await createRoute(to);
    const ignored = await storeEvent({ type: null, outcome: "ignored" });
    const erased = await storeEvent();
    unwrap(await client.events.erase(erased));
    const content = contentOf({});
    const owed = { route_id: "rte_1", destination_ids: [to] };
    const signal = { action: "announce", type: "event.group", owed, note: null } as const;
    const group = await storeEvent({ type: "event.group" }, { ...content, signal });
    expect((await explain(ignored)).routes).toMatchObject([{ takes: false, reason: "not_deliverable" }]);
    expect((await explain(erased)).routes).toMatchObject([{ takes: false, reason: "content_gone" }]);
    expect(await explain(group)).toMatchObject({
      decided_by: "group",
      routes: [{ takes: false, reason: "event_type" }],
    });
    expect(statusOf(await client.events.explain("evt_unknown"))).toBe(404);
  });

  it("has pages of routes, each route once", async () => {
    const { id: to } = await createDestination();
    const routes: string[] = [];
    for (let i = 0; i < 7; i++) routes.push(await createRoute(to));
    const id = await storeEvent();
    const shown: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof explain>> = unwrap(
        await client.events.explain(id, { limit: 3, ...(cursor === null ? {} : { cursor }) }),
      );
      shown.push(...page.routes.map((route) => route.id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(shown).toEqual(routes);
    expect(faultsOf(await client.events.explain(id, { limit: 0 }))).toEqual(["limit"]);
  });

  it("says what was not evaluated, because costly filters share one allowance", async () => {
    const { id: to } = await createDestination();
    const costly = { "data.event.payload.text": { $regex: "(a|b|ab)*c(a|b|ab|ba)*(d|da|e)*f(x|y)*z$" } };
    for (let i = 0; i < 30; i++) await createRoute(to, { match: costly });
    const id = await storeEvent({}, contentOf({ text: "ab".repeat(200_000) }));
    const { routes } = await explain(id);
    expect(routes).toHaveLength(30);
    expect(routes.map(({ takes }) => takes)).not.toContain(true);
    expect(routes.at(-1)).toMatchObject({
      failed: null,
      reason: expect.stringMatching(/^(over_budget|not_evaluated)$/),
    });
    expect(await tables.events.count()).toBe(1);
  });
});
