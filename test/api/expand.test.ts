import { describe, expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { alertIdOf } from "../../src/model/ids.ts";
import { client, createDestination, faultsOf, request } from "../support/api.ts";
import { contentOf, deliveryTo, mint, storeAlert, storeEvent } from "./records.ts";

async function seed(body: object = { Id: "k" }) {
  const {
    id,
    signing_secret: _secret,
    ...destination
  } = await createDestination({
    auth: { type: "basic", username: "u", password: "hunter2-secret" },
    headers: { "x-api-key": "hunter2-header" },
  });
  const event = mint("evt").id;
  const alert_id = alertIdOf(event);
  const delivery = deliveryTo(event, id);
  await storeEvent({ id: event, alert_id, deliveries: [delivery] }, contentOf(body));
  await storeAlert(alert_id, "open");
  return { event, alert_id, delivery: delivery.id, destination: { ...destination, id } };
}

describe("an expanded row", () => {
  it("shows the objects that it names beside their ids, in lists and alone", async () => {
    const { event, alert_id, delivery, destination } = await seed();
    const expand = "event,destination,alert";
    const { deliveries: _deliveries, groups: _groups, ...ownEvent } = unwrap(await client.events.get(event));
    const { captured: _captured, ...alert } = unwrap(await client.alerts.get(alert_id));
    const plain = unwrap(await client.deliveries.get(delivery));
    const whole = {
      ...plain,
      event: ownEvent,
      destination: unwrap(await client.destinations.get(destination.id)),
      alert,
    };
    expect(unwrap(await client.deliveries.get(delivery, { expand }))).toEqual(whole);
    expect(unwrap(await client.deliveries.list({ expand })).data).toEqual([whole]);
    expect(unwrap(await client.deliveries.list({ expand: "alert" })).data).toEqual([{ ...plain, alert }]);
    expect(unwrap(await client.deliveries.list()).data).toEqual([plain]);
    expect(unwrap(await client.events.list({ expand: "alert" })).data).toEqual([{ ...ownEvent, alert }]);
    expect(unwrap(await client.events.get(event, { expand: "alert" }))).toMatchObject({ ...ownEvent, alert });
    expect((await request(`/deliveries?expand=${expand}`)).text).not.toContain("hunter2");
  });

  it("shows null for what is gone", async () => {
    const id = mint("evt").id;
    const delivery = deliveryTo(id, "dst_0000000000000000000000000009");
    await storeEvent({ id, alert_id: "alr_1", deliveries: [delivery] });
    const [row] = unwrap(await client.deliveries.list({ expand: "destination,alert" })).data;
    expect(row).toMatchObject({ destination: null, alert: null });
    const own = await storeEvent({ alert_id: null });
    expect(unwrap(await client.events.get(own, { expand: "alert" })).alert).toBe(null);
  });

  it("refuses other names, and says which there are", async () => {
    for (const query of ["expand=route", "expand=", "expand=event,", "expand=Event", "expand=event&expand=alert"]) {
      const reply = await request(`/deliveries?${query}`);
      expect(faultsOf(reply)).toEqual(["expand"]);
    }
    expect((await request("/deliveries?expand=route")).text).toContain("list of event, destination, alert");
    expect(faultsOf(await request("/events?expand=destination"))).toEqual(["expand"]);
  });

  it("comes in shorter pages if the objects are large, and every row once", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 14; i++) ids.push((await seed({ text: "x".repeat(1_000_000) })).delivery);
    const first = unwrap(await client.deliveries.list({ expand: "event,alert" }));
    expect(first.data.length).toBeLessThan(ids.length);
    const rows = await Array.fromAsync(client.deliveries.all({ expand: "event,alert" }));
    expect(rows.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(rows.every(({ event, alert }) => event !== null && alert !== null)).toBe(true);
  });
});
