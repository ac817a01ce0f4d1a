import { describe, expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { alertIdOf } from "../../../src/model/ids.ts";
import { client, createDestination, createIntegration, faultsOf, request } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";
import { contentOf, deliveryTo, mint, storeAlert, storeEvent } from "../records.ts";

const find = async (q: string) => unwrap(await client.search.get({ q })).data;

describe("a search", () => {
  it("finds what has an id, of every kind", async () => {
    const integration = await createIntegration({ name: "Night watch" });
    const destination = await createDestination({ name: "Pager" });
    const route = unwrap(await client.routes.create({ name: "All", destination_ids: [destination.id] }));
    const token = unwrap(await client.tokens.create({ name: "ci", scopes: ["read"] }));
    const { id } = mint("evt");
    await storeEvent({ id, deliveries: [deliveryTo(id, destination.id)] }, contentOf({ title: "Disk full" }));
    await storeAlert(alertIdOf(id), "open");
    await tables.replays.insert({ id: "rpl_1", status: "done" });
    const things = [
      { kind: "integration", id: integration.id, title: "Night watch" },
      { kind: "destination", id: destination.id, title: "Pager" },
      { kind: "route", id: route.id, title: "All" },
      { kind: "token", id: token.id, title: "ci" },
      { kind: "event", id, title: "Disk full" },
      { kind: "alert", id: alertIdOf(id), title: "t" },
      { kind: "delivery", id: deliveryTo(id, destination.id).id, title: "Disk full" },
      { kind: "replay", id: "rpl_1", title: "Replay (done)" },
    ];
    for (const thing of things) {
      expect(await find(thing.id)).toEqual([thing]);
      expect(await find(` ${thing.id}\n`)).toEqual([thing]);
      expect(await find(`${thing.id.slice(0, -1)}X`)).toEqual([]);
    }
  });

  it("finds names, keys and texts, the best first", async () => {
    const names = ["My disk watch", "disk", "DISKS", "unrelated"];
    const ids: Record<string, string> = {};
    for (const name of names) ids[name] = (await createIntegration({ name })).id;
    const { id: pager } = await createDestination({ name: "Disk" });
    const event = await storeEvent({ id: mint("evt").id }, contentOf({ title: "The disk is full" }));
    await storeAlert("alr_1", "open");
    await tables.alerts.edit<object>({ id: "alr_1" }, "fields", (fields) => ({ ...fields, title: "Disk alert" }));
    await storeAlert("alr_2", "resolved");
    await tables.alerts.update({ id: "alr_2" }, { key: "Disk" });
    const found = await find("Disk");
    expect(new Set(found.slice(0, 2).map(({ id }) => id))).toEqual(new Set([ids["disk"], pager]));
    expect(found.slice(2).map(({ kind, id }) => [kind, id])).toEqual([
      ["integration", ids["DISKS"]],
      ["integration", ids["My disk watch"]],
      ["alert", "alr_2"],
      ["alert", "alr_1"],
      ["event", event],
    ]);
    expect(await find("nothing of the kind")).toEqual([]);
  });

  it("is bounded, and refuses a blank text", async () => {
    for (let i = 0; i < 30; i++) await createDestination({ name: `common ${i}` });
    for (let i = 0; i < 9; i++) await storeEvent({ id: mint("evt").id }, contentOf({ title: "common" }));
    const found = await find("common");
    expect(found).toHaveLength(20);
    expect(found.filter(({ kind }) => kind === "event")).toHaveLength(5);
    for (const query of ["", "?q=", "?q=%20", `?q=${"x".repeat(201)}`]) {
      expect(faultsOf(await request(`/search${query}`))).toEqual(["q"]);
    }
    for (const hostile of ["'", "%", "\u0000", "\\", "evt_'", "tok_%"]) expect(await find(hostile)).toEqual([]);
  });
});
