import { describe, expect, it } from "vitest";
import { unwrap } from "../../src/client/index.ts";
import { alertIdOf, createIdMinter } from "../../src/model/ids.ts";
import {
  client,
  createDestination,
  createIntegration,
  faultsOf,
  request,
  statusOf,
  unchecked,
} from "../support/api.ts";
import { tables } from "../support/tables.ts";
import { contentOf, deliveryTo, mint, storeAlert, storeEvent } from "./records.ts";

const START = Date.parse("2026-11-20T10:00:00.000Z");
const MINUTE = 60_000;
const TO = "dst_0000000000000000000000000001";
const at = (minute: number): string => new Date(START + minute * MINUTE).toISOString();
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** Records an event with a delivery in each of the first minutes, and an alert that it opened. Returns the ids of the events. */
async function seed(minutes: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let minute = 0; minute < minutes; minute++) {
    const { id } = createIdMinter(() => START + minute * MINUTE, random)("evt");
    const alert_id = alertIdOf(id);
    await storeEvent({ id, alert_id, received_at: at(minute), deliveries: [deliveryTo(id, TO)] });
    await storeAlert(alert_id, "open");
    ids.push(id);
  }
  return ids;
}

const RANGES = [
  [at(2), at(4), [4, 3, 2]],
  [at(2), undefined, [5, 4, 3, 2]],
  [undefined, at(1), [1, 0]],
  ["2026-11-20T12:03:00+02:00", "2026-11-20T10:03:00Z", [3]],
  [at(9), at(10), []],
  ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", [5, 4, 3, 2, 1, 0]],
] as const;

describe("a range of times", () => {
  it("restricts lists of events and deliveries to what was received in it, with both ends", async () => {
    const ids = await seed(6);
    for (const [from, to, minutes] of RANGES) {
      const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const expected = minutes.map((minute) => ids[minute]);
      for (const limit of [1, 50]) {
        expect((await Array.fromAsync(client.events.all({ ...range, limit }))).map(({ id }) => id)).toEqual(expected);
        const deliveries = await Array.fromAsync(client.deliveries.all({ ...range, limit }));
        expect(deliveries.map(({ event_id }) => event_id)).toEqual(expected);
        const dead = await Array.fromAsync(client.deliveries.all({ ...range, limit, status: "dead" }));
        expect(dead).toEqual([]);
        const alerts = await Array.fromAsync(client.alerts.all({ ...range, limit }));
        expect(alerts.map(({ id }) => id)).toEqual(minutes.map((minute) => alertIdOf(ids[minute] ?? "")));
      }
    }
  });

  it.each(["events", "deliveries", "alerts"])("that is not one is refused, with the field: %s", async (list) => {
    const faults = async (query: string) => faultsOf(await request(`/${list}?${query}`));
    expect(await faults("from=yesterday")).toEqual(["from"]);
    expect(await faults("to=2026-11-31T00:00:00Z")).toEqual(["to"]);
    expect(await faults("from=2026-11-20")).toEqual(["from"]);
    expect(await faults("from=")).toEqual(["from"]);
    expect(await faults("from=1&to=2")).toEqual(["from", "to"]);
    expect(await faults(`from=${at(2)}&to=${at(1)}`)).toEqual(["to"]);
    expect(await faults(`from=${at(2)}&from=${at(2)}`)).toEqual(["from"]);
  });
});

describe("deliveries", () => {
  it("are found by the time at which they were made, also replays of earlier events", async () => {
    const [first = "", second = ""] = await seed(2);
    const original = deliveryTo(first, TO, { created_at: at(0), replayed_by: "dlv_later" });
    const replay = { ...original, id: `${original.id}0123456789abcdef`, replay_of: original.id, created_at: at(30) };
    await tables.events.update({ id: first }, { deliveries: [original, { ...replay, replayed_by: null }] });
    await tables.events.update({ id: second }, { deliveries: [deliveryTo(second, TO, { created_at: at(1) })] });
    const ids = async (query: Parameters<typeof client.deliveries.list>[0]) =>
      unwrap(await client.deliveries.list(query)).data.map(({ id }) => id);
    expect(await ids({ created_from: at(29) })).toEqual([replay.id]);
    expect(await ids({ created_from: at(30), created_to: at(30) })).toEqual([replay.id]);
    expect(await ids({ created_to: at(0) })).toEqual([original.id]);
    expect(await ids({ replays: true })).toEqual([replay.id]);
    expect(await ids({ replays: false })).toEqual([deliveryTo(second, TO).id, original.id]);
    expect(await ids({ replays: true, destination_id: TO, created_to: at(29) })).toEqual([]);
    expect(faultsOf(await request(`/deliveries?created_from=${at(2)}&created_to=${at(1)}`))).toEqual(["created_to"]);
  });

  it("are found by a text of their event, alone and with other filters", async () => {
    const ids: string[] = [];
    for (const [status, text] of [
      ["dead", "Disk FULL"],
      ["delivered", "disk full"],
      ["dead", "CPU"],
    ] as const) {
      const { id } = mint("evt");
      await storeEvent({ id, deliveries: [deliveryTo(id, TO, { status })] }, contentOf({ what: text }));
      ids.push(id);
    }
    const events = async (query: Parameters<typeof client.deliveries.list>[0]) =>
      (await Array.fromAsync(client.deliveries.all({ ...query, limit: 1 }))).map(({ event_id }) => event_id);
    expect(await events({ q: "disk full" })).toEqual([ids[1], ids[0]]);
    expect(await events({ q: "disk", status: "dead" })).toEqual([ids[0]]);
    expect(await events({ q: "disk", outstanding: "true", destination_id: TO })).toEqual([ids[0]]);
    expect(await events({ q: "disk", status: "pending" })).toEqual([]);
    expect(await events({ q: "disk", event_id: ids[1] ?? "" })).toEqual([ids[1]]);
    expect(await events({ q: "memory" })).toEqual([]);
    expect(faultsOf(await request("/deliveries?q=%20"))).toEqual(["q"]);
  });
});

describe("an exact name", () => {
  it("finds integrations, destinations and routes", async () => {
    const names = ["Night watch", "night watch", "Night watch", "' OR 1=1 --"];
    const integrations: string[] = [];
    const destinations: string[] = [];
    const routes: string[] = [];
    for (const name of names) {
      integrations.push((await createIntegration({ name })).id);
      const destination = await createDestination({ name });
      destinations.push(destination.id);
      routes.push(unwrap(await client.routes.create({ name, destination_ids: [destination.id] })).id);
    }
    type Query = { readonly name: string; readonly limit: number };
    const found = async (rows: AsyncIterable<{ readonly id: string }>) =>
      (await Array.fromAsync(rows)).map(({ id }) => id);
    for (const [list, all, ids] of [
      [client.integrations, (query: Query) => found(client.integrations.all(query)), integrations],
      [client.destinations, (query: Query) => found(client.destinations.all(query)), destinations],
      [client.routes, (query: Query) => found(client.routes.all(query)), routes],
    ] as const) {
      for (const name of [...names, "Night", "%", ""]) {
        const expected = ids.filter((_, index) => names[index] === name).toReversed();
        for (const limit of [1, 50]) expect(await all({ name, limit })).toEqual(expected);
      }
      expect(faultsOf(await list.list({ name: "x".repeat(201) }))).toEqual(["name"]);
      expect(statusOf(await list.list(unchecked({ names: "x" })))).toBe(400);
    }
  });
});

it("deliveries are filtered by the type of their event", async () => {
  const [first = "", second = ""] = await seed(2);
  const other = await storeEvent({
    id: createIdMinter(() => START + 9 * MINUTE, random)("evt").id,
    type: "event.received",
  });
  const deliveries = unwrap(await client.deliveries.list({ event_type: "alert.created" })).data;
  expect(deliveries.map(({ event_id }) => event_id)).toEqual([second, first]);
  expect(deliveries.map(({ event_id }) => event_id)).not.toContain(other);
  expect(unwrap(await client.deliveries.list({ event_type: "event.received" })).data).toEqual([]);
});
