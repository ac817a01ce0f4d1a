import { expect, it } from "vitest";
import { unwrap } from "../../../src/client/index.ts";
import { alertIdOf } from "../../../src/model/ids.ts";
import { client, clientOf } from "../../support/api.ts";
import { tables } from "../../support/tables.ts";
import { contentOf, deliveryTo, mint, storeAlert, storeEvent } from "../records.ts";

const AT = "2026-11-20T10:00:00.000Z";

async function record(actor: string, action: string, target_id: string): Promise<void> {
  const { id } = mint("aud");
  await tables.audit.insert({ id, at: AT, actor, action, kind: action.replace(/\..*/u, ""), target_id });
}

async function targets() {
  const { data } = unwrap(await client.audit.list({ actor: "admin" }));
  return data.map(({ target }) => [target.id, target.name]);
}

it("names what an entry is about: an event, a delivery and an alert", async () => {
  const { id } = mint("evt");
  const delivery = deliveryTo(id, "dst_0000000000000000000000000001");
  await storeEvent({ id, deliveries: [delivery] }, contentOf({ type: "paid", amount: 5 }));
  const opener = mint("evt").id;
  await storeAlert(alertIdOf(opener), "open");
  const keyed = alertIdOf(mint("evt").id);
  await storeAlert(keyed, "open");
  await tables.alerts.edit<object>({ id: keyed }, "fields", (fields) => ({ ...fields, title: " " }));
  await record("admin", "event.replayed", id);
  await record("admin", "delivery.retried", delivery.id);
  await record("admin", "alert.acknowledged", alertIdOf(opener));
  await record("admin", "alert.resolved", keyed);
  await record("admin", "event.replayed", "evt_gone");
  expect(await targets()).toEqual([
    ["evt_gone", null],
    [keyed, "k"],
    [alertIdOf(opener), "t"],
    [delivery.id, "paid · amount: 5"],
    [id, "paid · amount: 5"],
  ]);
});

it("forgets the title of an event that is erased", async () => {
  const id = await storeEvent({ id: mint("evt").id }, contentOf({ title: "a secret" }));
  await record("admin", "event.replayed", id);
  expect(await targets()).toEqual([[id, "a secret"]]);
  unwrap(await client.events.erase(id));
  const afterwards = await targets();
  expect(afterwards).toHaveLength(2);
  expect(afterwards.every(([target, name]) => target === id && name === null)).toBe(true);
  expect(JSON.stringify(await tables.audit.all())).not.toContain("a secret");
});

it("names the API token of an actor as long as it exists", async () => {
  const made = unwrap(await client.tokens.create({ name: "deploy", scopes: ["admin"] }));
  const mine = clientOf({ token: made.token });
  unwrap(await mine.integrations.create({ name: "a", type: "catch" }));
  const names = async () =>
    unwrap(await client.audit.list({ actor: made.id })).data.map(({ actor_name }) => actor_name);
  expect(await names()).toEqual(["deploy"]);
  unwrap(await client.tokens.delete(made.id));
  expect(await names()).toEqual([null]);
});
