import { describe, expect, it } from "vitest";
import { forgetContext } from "../../src/context.ts";
import { openGateway, openLine, pluck } from "../support/flow.ts";
import { client, faultsOf, statusOf } from "../support/api.ts";
import { tables } from "../support/tables.ts";

const CREATE = {
  event_type: "create",
  Id: "kiln-7/heat",
  Title: "Kiln 7 is too hot",
  Description: "1240 °C, limit 1200",
};
const SUCCESS = { status: 200, json: { status: "success" } };

describe("the options", () => {
  it("capture other keys where that is wanted, in their case and with nested values as JSON", async () => {
    const more = { Zone: "North", nested: { depth: [1, 2] }, count: 3, on: false };
    const line = await openLine("pagertree", { capture_additional_data: true });
    await line.send({ ...CREATE, Tags: ["x"], Urgency: "low", ...more });
    const additional_data = [
      { format: "text", label: "Zone", value: "North" },
      { format: "text", label: "nested", value: '{"depth":[1,2]}' },
      { format: "text", label: "count", value: 3 },
      { format: "text", label: "on", value: false },
    ];
    expect(await line.alerts()).toMatchObject([{ additional_data }]);
    expect(line.delivered()).toMatchObject([{ data: { alert: { additional_data } } }]);
  });

  it("capture nothing by default", async () => {
    const line = await openLine("pagertree");
    await line.send({ ...CREATE, Zone: "North" });
    expect(await line.alerts()).toMatchObject([{ additional_data: [] }]);
  });

  it("find the fields at wrapper_key", async () => {
    const line = await openLine("pagertree", { wrapper_key: "messages[?kind=='alarm'] | [0].fields" });
    const messages = [{ kind: "noise" }, { kind: "alarm", fields: CREATE }];
    await line.send({ messages });
    expect(await line.alerts()).toMatchObject([{ key: CREATE.Id, title: CREATE.Title }]);
    expect(await line.events()).toMatchObject([{ note: null, payload: { messages } }]);
  });

  it.each(["elsewhere", "Title", "tags[*]"])(
    "use the whole payload where wrapper_key %s finds no map, and say so",
    async (key) => {
      const line = await openLine("pagertree", { wrapper_key: key });
      expect(await line.send(CREATE)).toMatchObject(SUCCESS);
      expect(await line.alerts()).toMatchObject([{ key: CREATE.Id, title: CREATE.Title }]);
      expect(await line.events()).toMatchObject([
        { outcome: "created", note: expect.stringMatching(/^wrapper_key .*whole payload was used/) },
      ]);
    },
  );

  it("are refused where wrapper_key is no expression; one that is stored all the same leaves the whole payload", async () => {
    const line = await openLine("pagertree", { wrapper_key: "alarm" });
    const answer = await client.integrations.update(line.id, { options: { wrapper_key: "alarm[" } });
    expect(statusOf(answer)).toBe(400);
    expect(faultsOf(answer)).toEqual(["options.wrapper_key"]);
    await tables.integrations.update({}, ({ options }) => ({
      options: String(options).replace('"alarm"', '"alarm["'),
    }));
    forgetContext();
    expect(await line.send({ ...CREATE, alarm: { event_type: "resolve" } })).toMatchObject(SUCCESS);
    expect(await line.events()).toMatchObject([
      { outcome: "created", note: expect.stringMatching(/^wrapper_key is not an expression/) },
    ]);
  });

  it("write title and description by templates over the integration and the data", async () => {
    const line = await openLine("pagertree", {
      title_template: "[{{ integration.name }}] {{ data.Title | upcase }}",
      description_template: "{{ data.Description }} at {{ data.site.name }}",
    });
    await line.send({ ...CREATE, site: { name: "Bay 2" } });
    expect(await line.alerts()).toMatchObject([
      { title: "[Night watch] KILN 7 IS TOO HOT", description: "1240 °C, limit 1200 at Bay 2" },
    ]);
  });
});

describe("dedup_keys", () => {
  it("find an alert across integrations, by the first key or any other", async () => {
    const gateway = await openGateway();
    const [one, other] = [await gateway.open("pagertree"), await gateway.open("pagertree")];
    await one.send({ ...CREATE, dedup_keys: ["site-9", "rack-9"] });
    await other.send({ ...CREATE, Id: "something else", dedup_keys: "site-9" });
    await other.send({ event_type: "acknowledge", Id: "x", dedup_keys: ["rack-9"] });
    expect(await one.alerts()).toMatchObject([{ key: "site-9", status: "acknowledged", dedup_count: 1 }]);
    expect(await other.alerts()).toEqual([]);
    expect(pluck(await other.events(), "outcome")).toEqual(["repeated", "acknowledged"]);
    await other.send({ event_type: "resolve", dedup_keys: "site-9" });
    expect(await one.alerts()).toMatchObject([{ status: "resolved" }]);
    expect(pluck([...one.delivered(), ...other.delivered()], "type")).toEqual([
      "alert.created",
      "alert.acknowledged",
      "alert.resolved",
    ]);
  });

  it("are not mixed up with an Id, which belongs to its integration", async () => {
    const gateway = await openGateway();
    const [one, other] = [await gateway.open("pagertree"), await gateway.open("pagertree")];
    await one.send(CREATE);
    await other.send(CREATE);
    await other.send({ ...CREATE, dedup_keys: CREATE.Id });
    expect(await one.alerts()).toMatchObject([{ dedup_count: 0 }]);
    expect(await other.alerts()).toMatchObject([{ dedup_count: 0 }, { dedup_count: 0 }]);
  });
});

describe("a token", () => {
  it("is asked for only where one is set: without the right one it is 403", async () => {
    const line = await openLine("pagertree", {}, { auth: { type: "token", token: "kiln-secret-1" } });
    const refused = [
      {},
      { "pagertree-token": "kiln-secret-2" },
      { "pagertree-token": "" },
      { authorization: "Bearer kiln-secret-1" },
    ];
    for (const headers of refused) expect((await line.send(CREATE, { headers })).status).toBe(403);
    expect(await line.events()).toEqual([]);
    expect(await line.send(CREATE, { headers: { "PagerTree-Token": "kiln-secret-1" } })).toMatchObject(SUCCESS);
    const [event] = await line.events();
    expect(event).toMatchObject({ outcome: "created", headers: { "pagertree-token": "[redacted]" } });
    expect(JSON.stringify(line.delivered())).not.toContain("kiln-secret");
  });

  it("that nobody asked for does no harm", async () => {
    const line = await openLine("pagertree");
    expect(await line.send(CREATE, { headers: { "pagertree-token": "whatever" } })).toMatchObject(SUCCESS);
  });
});
